package io.dualstack.impl.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.KernelException;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(LabExtension.class)
class NftIT {
  private static final String SCRIPT =
      """
      table inet own {
        set some {
          type ipv6_addr
          elements = { 2001:db8::1 }
        }
        chain forward {
          type filter hook forward priority filter; policy accept;
          iif "eth0" ip6 saddr @some drop
        }
      }
      """;

  enum Way {
    LIBRARY(Nft::open),
    COMMAND(Nft::byCommand);

    private final Function<Namespace, Nft> opener;

    Way(Function<Namespace, Nft> opener) {
      this.opener = opener;
    }

    Nft open(Namespace namespace) {
      return opener.apply(namespace);
    }
  }

  @ParameterizedTest
  @EnumSource
  void scripts_are_whole_and_of_the_namespace(Way way, Lab lab) {
    LabHost host = lab.host("host");
    LabHost other = lab.host("other");
    try (Namespace namespace = Namespace.open(host.namespace());
        Nft nft = way.open(namespace)) {
      nft.run(SCRIPT);
      String first = host.run("nft", "list", "ruleset");
      assertThat(first)
          .contains("table inet own", "2001:db8::1", "iif \"eth0\"")
          .isEqualTo(host.run("nft", "list", "table", "inet", "own"));
      assertThat(other.run("nft", "list", "ruleset")).isEmpty();

      for (String broken : List.of("no such word\n", "delete chain inet own absent\n")) {
        assertThatThrownBy(() -> nft.run("add element inet own some { 2001:db8::2 }\n" + broken))
            .isInstanceOf(KernelException.class)
            .hasMessageContaining("nft")
            .hasMessageContaining("Error: ");
        assertThat(host.run("nft", "list", "ruleset")).isEqualTo(first);
      }

      nft.run("add element inet own some { 2001:db8::2 }\n");
      host.run("nft", "flush", "ruleset");
      nft.run(SCRIPT);
      assertThat(host.run("nft", "list", "ruleset")).isEqualTo(first);
    }
  }

  @ParameterizedTest
  @EnumSource
  void to_close_twice_is_to_close_once(Way way, Lab lab) {
    try (Namespace namespace = Namespace.open(lab.host("host").namespace())) {
      Nft nft = way.open(namespace);
      nft.close();
      nft.close();
    }
  }
}
