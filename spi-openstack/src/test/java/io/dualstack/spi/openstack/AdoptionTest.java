package io.dualstack.spi.openstack;

import static io.dualstack.spi.openstack.Cells.block;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicRequest;
import io.dualstack.testkit.cloud.Fault;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A port that somebody else made and that is taken over stays his own, whatever is cut off. */
class AdoptionTest {
  private final FakeCloud cloud = new FakeCloud();
  private final Cells cells = Cells.of(cloud);
  private String foreign = "";

  @BeforeEach
  void create_a_port_of_somebody_else() {
    foreign =
        cloud.neutron.create(
            "ports",
            """
            {"network_id": "%s", "name": "mine", "description": "by hand",
             "fixed_ips": [{"ip_address": "10.64.0.16"}, {"ip_address": "2001:db8:64::77"}],
             "allowed_address_pairs": [{"ip_address": "2001:db8:64:0:7::/80"}]}
            """
                .formatted(cloud.network));
    cells.context.configure("adopt", "true").configure("attempts", "1");
    cells.reopen();
  }

  @AfterEach
  void close() {
    cells.close();
    cloud.close();
  }

  private NicRequest wanted() {
    return cells.nic("cf/cell/0", block("v4", "10.64.0.16"), block("link", "2001:db8:64:0:1::/80"));
  }

  private void assertForeign() {
    assertThat(cells.all("ports"))
        .singleElement()
        .satisfies(
            port -> {
              assertThat(port.path("id").asText()).isEqualTo(foreign);
              assertThat(port.path("name").asText()).isEqualTo("mine");
              assertThat(port.path("description").asText()).isEqualTo("by hand");
              assertThat(addresses(port, "fixed_ips"))
                  .containsExactlyInAnyOrder("10.64.0.16", "2001:db8:64::77");
              assertThat(addresses(port, "allowed_address_pairs"))
                  .containsExactly("2001:db8:64:0:7::/80");
            });
  }

  private boolean isForeign() {
    return cells.all("ports").get(0).path("name").asText().equals("mine");
  }

  private static List<String> addresses(JsonNode port, String field) {
    return port.path(field).findValuesAsText("ip_address");
  }

  @ParameterizedTest
  @MethodSource("io.dualstack.spi.openstack.Cells#cuts")
  void taking_over_is_finished_by_the_next_run(Fault cut) {
    cells.atEachRequest(
        cut,
        () -> cells.session.attach(List.of(wanted())),
        () -> {
          AttachedNic nic = cells.attach(wanted()).nic();
          assertThat(nic.id()).isEqualTo(foreign);
          assertThat(addresses(cells.all("ports").get(0), "allowed_address_pairs")).hasSize(2);
          cells.session.detach(cells.session.attached(OwnerScope.ALL));
          assertForeign();
        });
  }

  @ParameterizedTest
  @MethodSource("io.dualstack.spi.openstack.Cells#cuts")
  void giving_back_is_finished_by_the_next_run(Fault cut) {
    AttachedNic[] nic = {cells.attach(wanted()).nic()};
    cells.atEachRequest(
        cut,
        () -> cells.session.detach(List.of(nic[0])),
        () -> {
          cells.session.detach(List.of(nic[0]));
          assertForeign();
          nic[0] = cells.attach(wanted()).nic();
        });
  }

  @Test
  void one_that_a_lost_run_took_over_does_not_give_way_to_another_nic() {
    for (int requests = 0; isForeign(); requests++) {
      cloud.neutron.faults().allAfter(requests, Fault.CUT_AFTER);
      try {
        cells.session.attach(List.of(wanted()));
      } catch (ProviderException cutOff) {
        assertThat(cutOff.reason()).isEqualTo(Reason.UNAVAILABLE);
      }
    }
    cloud.neutron.faults().clear();
    cells.reopen();

    assertThat(cells.fail(cells.nic("cf/cell/1", block("v4", "10.64.0.16"))).reason())
        .isEqualTo(Reason.CONFLICT);

    cells.session.detach(cells.session.attached(OwnerScope.ALL));
    assertForeign();
  }
}
