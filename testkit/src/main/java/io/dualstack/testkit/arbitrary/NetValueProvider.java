package io.dualstack.testkit.arbitrary;

import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpEndpoint;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.MacAddress;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.testkit.Addresses;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.providers.ArbitraryProvider;
import net.jqwik.api.providers.TypeUsage;

/** Provides for {@code @ForAll} parameters of every type of {@code io.dualstack.net}. */
public final class NetValueProvider implements ArbitraryProvider {
  private static final Map<Class<?>, Supplier<Arbitrary<?>>> GENERATORS =
      Map.of(
          IpAddress.class, Addresses::addresses,
          IpPrefix.class, Addresses::prefixes,
          IpRange.class, Addresses::ranges,
          IpSet.class, Addresses::sets,
          InterfaceAddress.class, Addresses::interfaceAddresses,
          IpEndpoint.class, Addresses::endpoints,
          PortRange.class, Addresses::portRanges,
          Protocol.class, Addresses::protocols,
          MacAddress.class, Addresses::macs);

  /** For {@link java.util.ServiceLoader}. */
  public NetValueProvider() {}

  @Override
  public boolean canProvideFor(TypeUsage targetType) {
    return GENERATORS.keySet().stream().anyMatch(targetType::isOfType);
  }

  @Override
  public Set<Arbitrary<?>> provideFor(TypeUsage targetType, SubtypeProvider subtypeProvider) {
    return GENERATORS.entrySet().stream()
        .filter(generator -> targetType.isOfType(generator.getKey()))
        .map(generator -> generator.getValue().get())
        .collect(Collectors.toUnmodifiableSet());
  }
}
