package io.dualstack.impl.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Dualstack;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StorePageTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private final Dualstack dualstack = Dualstack.builder().build();

  @AfterEach
  void close() {
    dualstack.close();
  }

  private String page() {
    return new StorePage(
            dualstack.storeLocation(),
            NOON,
            dualstack.allocator().networks(),
            dualstack.allocator().utilization(),
            dualstack.allocator().forecast(Duration.ofDays(30)),
            dualstack.allocator().blocks(OwnerScope.ALL))
        .html();
  }

  private void define() {
    dualstack
        .allocator()
        .define(
            NetworkSet.of(
                new NetworkDefinition.Manual(
                    "cells & more",
                    List.of(
                        Subnet.of(IpPrefix.parse("10.0.0.0/24")).build(),
                        Subnet.of(IpPrefix.parse("10.0.1.0/24")).build())),
                new NetworkDefinition.Manual(
                    "prefixes",
                    List.of(
                        Subnet.of(IpPrefix.parse("2001:db8::/64"))
                            .prefixLength(80)
                            .reserved(IpSet.parse("2001:db8::/80"))
                            .build()))));
  }

  @Test
  void without_networks_it_says_what_to_do() {
    assertThat(page())
        .contains("No networks are defined. Apply a cloud config first.", "<td>nobody</td>")
        .doesNotContain("<svg", "{{");
  }

  @Test
  void shows_each_subnet_and_who_holds_what() {
    define();
    for (int n = 0; n < 3; n++) {
      dualstack
          .allocator()
          .allocate(
              AllocationRequest.forOwner("cf/cell/" + n)
                  .from("cells & more")
                  .from("prefixes")
                  .build());
    }
    dualstack.allocator().exclude(IpSet.parse("10.0.1.128/25"), "a router");

    assertThat(page())
        .contains("<h2>cells &amp; more</h2>", "<h3>10.0.0.0/24</h3>", "<h3>2001:db8::/64</h3>")
        .contains("10.0.0.1/32: dynamic, cf/cell/0 (10.0.0.1/32, cells &amp; more)")
        .contains("2001:db8:0:0:3::/80: dynamic, cf/cell/2 (2001:db8:0:0:3::/80, prefixes)")
        .contains("2001:db8::/80: reserved")
        .contains("Each cell is a /80 of 2001:db8::/70. The rest of 2001:db8::/64 is free.")
        .contains("<td>cf</td><td>6</td><td>0</td><td>0</td><td>0</td><td>0</td>")
        .contains("<td>external</td><td>0</td><td>0</td><td>1</td>")
        .contains("not known before a day has passed")
        .contains("<td>/80</td><td>65,536</td><td>65,531</td><td>&lt; 0.1 %</td>")
        .doesNotContain("{{");
  }

  @Test
  void names_are_text_and_never_markup() {
    define();
    dualstack
        .allocator()
        .allocate(AllocationRequest.forOwner("<script>alert(1)</script>").from("prefixes").build());

    assertThat(page()).contains("&lt;script&gt;alert(1)").doesNotContain("<script");
  }
}
