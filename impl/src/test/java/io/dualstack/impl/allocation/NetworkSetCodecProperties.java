package io.dualstack.impl.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.testkit.constraint.Length;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class NetworkSetCodecProperties {

  @Property
  void networks_survive_their_text(
      @ForAll @Length(min = 8, max = 24) IpPrefix range,
      @ForAll PrefixChooser chooser,
      @ForAll List<IpAddress> dns) {
    IpAddress gateway = range.first().next().orElseThrow();
    NetworkSet networks =
        NetworkSet.of(
            new NetworkDefinition.Manual(
                "manual",
                List.of(
                    Subnet.of(range)
                        .prefixLength(range.family() == IpFamily.IPV4 ? 28 : 80)
                        .gateway(gateway)
                        .dns(dns)
                        .reserved(IpSet.of(IpRange.of(range.first(), gateway)))
                        .statics(IpSet.of(IpRange.single(range.last())))
                        .zones(List.of("z1", "z2"))
                        .chooser(chooser)
                        .cloudProperties(Map.of("subnet", "s-1", "nested", Map.of("n", 1)))
                        .build())),
            new NetworkDefinition.Dynamic(
                "dynamic", List.of(new NetworkDefinition.DynamicSubnet(dns, List.of(), Map.of()))),
            new NetworkDefinition.Vip(
                "vip",
                List.of(new NetworkDefinition.VipSubnet(List.of(range.toRange()), List.of("z1"))),
                Map.of("pool", "public")));

    String text = NetworkSetCodec.format(networks);

    assertThat(NetworkSetCodec.parse(text)).isEqualTo(networks);
    assertThat(NetworkSetCodec.format(NetworkSetCodec.parse(text))).isEqualTo(text);
  }

  @Example
  void a_damaged_text_is_told_as_such() {
    assertThatThrownBy(() -> NetworkSetCodec.parse("[{\"name\":\"x\",\"type\":\"odd\"}]"))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("odd");
    assertThatThrownBy(() -> NetworkSetCodec.parse("{"))
        .isInstanceOf(StoreUnavailableException.class);
  }
}
