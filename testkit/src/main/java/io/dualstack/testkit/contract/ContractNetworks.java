package io.dualstack.testkit.contract;

import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.FamilyCapabilities;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.NicRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Networks within a provider's capabilities, and NICs in them. Each family has one range, as an
 * infrastructure's subnet has: single addresses come from its lower half, prefixes from its upper.
 */
final class ContractNetworks {
  static final String LIFE = "life-1";

  private static final int BLOCKS_LOG2 = 8;
  private static final int FIRST_ADDRESS = 16;
  private static final int FIRST_PREFIX = 8;

  private final Capabilities capabilities;
  private final Function<String, Map<String, Object>> cloudProperties;
  private final BiFunction<IpFamily, IpPrefix, IpPrefix> ranges;

  ContractNetworks(
      Capabilities capabilities,
      Function<String, Map<String, Object>> cloudProperties,
      BiFunction<IpFamily, IpPrefix, IpPrefix> ranges) {
    this.capabilities = capabilities;
    this.cloudProperties = cloudProperties;
    this.ranges = ranges;
  }

  static String addresses(IpFamily family) {
    return family == IpFamily.IPV4 ? "addresses-v4" : "addresses-v6";
  }

  static String prefixes(IpFamily family) {
    return family == IpFamily.IPV4 ? "prefixes-v4" : "prefixes-v6";
  }

  /** Families in which a test can name a single address. */
  List<IpFamily> addressFamilies() {
    return families(inFamily -> inFamily.addressesPerNic() > 0);
  }

  /** Families in which somebody can pick a prefix. */
  List<IpFamily> prefixFamilies(PrefixChooser chooser) {
    return families(inFamily -> inFamily.choosers().contains(chooser));
  }

  private List<IpFamily> families(Function<FamilyCapabilities, Boolean> filter) {
    return capabilities.families().entrySet().stream()
        .filter(family -> filter.apply(family.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The networks of all families; prefixes are picked by this chooser where it may. */
  NetworkSet all(PrefixChooser preferred) {
    List<Manual> networks = new ArrayList<>();
    for (IpFamily family : addressFamilies()) {
      IpPrefix range = range(family);
      networks.add(
          network(
              addresses(family),
              Subnet.of(range)
                  .gateway(range.first().plus(1))
                  .reserved(IpSet.of(IpRange.of(upper(family))))));
    }
    capabilities
        .families()
        .forEach(
            (family, inFamily) -> {
              if (!inFamily.choosers().isEmpty()) {
                PrefixChooser chooser =
                    inFamily.choosers().contains(preferred)
                        ? preferred
                        : inFamily.choosers().iterator().next();
                networks.add(
                    network(
                        prefixes(family),
                        Subnet.of(range(family))
                            .prefixLength(prefixLength(family))
                            .reserved(IpSet.of(IpRange.of(lower(family))))
                            .chooser(chooser)));
              }
            });
    return NetworkSet.of(networks);
  }

  Manual network(String name, Subnet.Builder subnet) {
    return new Manual(name, List.of(subnet.cloudProperties(cloudProperties.apply(name)).build()));
  }

  Subnet subnet(NetworkSet networks, String name) {
    return ((Manual) networks.find(name).orElseThrow()).subnets().get(0);
  }

  IpPrefix range(IpFamily family) {
    int length = prefixLength(family);
    int wanted = family == IpFamily.IPV6 && length > 64 + 4 ? 64 : length - BLOCKS_LOG2;
    IpAddress base = IpAddress.parse(family == IpFamily.IPV4 ? "10.64.0.0" : "2001:db8:64::");
    return ranges.apply(family, IpPrefix.containing(base, Math.max(4, wanted)));
  }

  private IpPrefix lower(IpFamily family) {
    IpPrefix range = range(family);
    return range.nth(range.length() + 1, 0);
  }

  private IpPrefix upper(IpFamily family) {
    IpPrefix range = range(family);
    return range.nth(range.length() + 1, 1);
  }

  /** The supported length nearest to what the real systems delegate: /28 and /80. */
  int prefixLength(IpFamily family) {
    int usual = family == IpFamily.IPV4 ? 28 : 80;
    return capabilities
        .of(family)
        .flatMap(
            inFamily ->
                inFamily.prefixLengths().stream()
                    .reduce((a, b) -> Math.abs(a - usual) <= Math.abs(b - usual) ? a : b))
        .orElse(usual);
  }

  NicBlock address(IpFamily family, int number) {
    IpAddress address = lower(family).first().plus(FIRST_ADDRESS + number);
    return NicBlock.chosen(addresses(family), address.toPrefix());
  }

  NicBlock prefix(IpFamily family, int number) {
    IpPrefix block = upper(family).nth(prefixLength(family), FIRST_PREFIX + number);
    return NicBlock.chosen(prefixes(family), block);
  }

  NicBlock openPrefix(IpFamily family) {
    return NicBlock.toBeChosen(prefixes(family), family, prefixLength(family));
  }

  /**
   * The blocks of a NIC that uses what the provider can do: an address and a prefix of each family
   * that one NIC can carry, all named by the test. Different numbers, different blocks.
   */
  List<NicBlock> named(int number) {
    List<NicBlock> blocks = new ArrayList<>();
    for (IpFamily family : nicFamilies()) {
      if (addressFamilies().contains(family)) {
        blocks.add(address(family, number));
      }
      if (prefixFamilies(PrefixChooser.DIRECTOR).contains(family)) {
        blocks.add(prefix(family, number));
      }
    }
    return blocks;
  }

  /** As {@link #named}, but prefixes are left to the provider. */
  List<NicBlock> open(int number) {
    List<NicBlock> blocks = new ArrayList<>();
    for (IpFamily family : nicFamilies()) {
      if (addressFamilies().contains(family)) {
        blocks.add(address(family, number));
      }
      if (prefixFamilies(PrefixChooser.PROVIDER).contains(family)) {
        blocks.add(openPrefix(family));
      }
    }
    return blocks;
  }

  private List<IpFamily> nicFamilies() {
    List<IpFamily> families = List.copyOf(capabilities.families().keySet());
    return capabilities.dualStackNic() ? families : families.subList(0, 1);
  }

  NicRequest nic(String owner, List<NicBlock> blocks) {
    return nic(owner, LIFE, "0", blocks);
  }

  NicRequest nic(String owner, String incarnation, String nic, List<NicBlock> blocks) {
    Map<String, Map<String, Object>> properties = new LinkedHashMap<>();
    blocks.forEach(
        block -> properties.put(block.network(), cloudProperties.apply(block.network())));
    @Nullable String anyZone = null;
    return new NicRequest(new Owner(owner), incarnation, nic, anyZone, blocks, properties);
  }
}
