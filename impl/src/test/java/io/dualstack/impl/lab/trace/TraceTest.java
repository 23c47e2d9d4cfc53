package io.dualstack.impl.lab.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.Service;
import io.dualstack.impl.golden.GoldenFiles;
import io.dualstack.impl.lab.LabExample;
import io.dualstack.impl.lab.LabModel;
import io.dualstack.impl.lab.LabPlace;
import io.dualstack.impl.lab.LabRehearsal;
import io.dualstack.impl.lab.trace.Journal.Agreement;
import io.dualstack.impl.lab.trace.Journal.Decision;
import io.dualstack.impl.lab.trace.Journal.Hop;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.Protocol;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Journals of configuration alone, over the example. */
class TraceTest {
  private static final Service WEB = Service.port(Protocol.TCP, 80);
  private static final Service APP = Service.port(Protocol.TCP, 8080);

  private static LabExample example;
  private static LabModel model;

  @BeforeAll
  static void rehearse() {
    example = LabExample.open();
    model =
        LabRehearsal.of(
                new LabPlace("trace"),
                example.cloudConfig(),
                example.manifest(),
                example.apps(),
                BackendKind.NFTABLES)
            .model();
  }

  @AfterAll
  static void remove() {
    example.close();
  }

  @Test
  void every_hop_decides_as_configuration_says() {
    Map<String, String> journals = new LinkedHashMap<>();
    journals.put("policy-ipv4-other-cell", journal("frontend/0", "backend/1", IpFamily.IPV4, APP));
    journals.put("policy-ipv6-other-cell", journal("frontend/0", "backend/1", IpFamily.IPV6, APP));
    journals.put("policy-ipv4-same-cell", journal("frontend/0", "backend/0", IpFamily.IPV4, APP));
    journals.put("policy-ipv6-same-cell", journal("frontend/0", "backend/0", IpFamily.IPV6, APP));
    journals.put("denied-ipv4-other-cell", journal("worker/0", "backend/1", IpFamily.IPV4, APP));
    journals.put("outward-ipv4", journal("frontend/0", "outside", IpFamily.IPV4, WEB));
    journals.put("outward-ipv6", journal("frontend/0", "outside", IpFamily.IPV6, WEB));
    journals.put(
        "outward-denied-ipv6",
        journal("worker/0", "outside", IpFamily.IPV6, Service.port(Protocol.UDP, 53)));
    journals.put("inward-ipv6", journal("outside", "frontend/0", IpFamily.IPV6, APP));
    journals.put("inward-ipv4", journal("outside", "frontend/0", IpFamily.IPV4, APP));
    journals.put("router-ipv6", journal("router/0", "frontend/1", IpFamily.IPV6, APP));
    journals.put(
        "router-ipv4-mapped-port",
        journal("router/0", "10.0.16.4", null, Service.port(Protocol.TCP, 61_001)));
    journals.put("nobody-there-ipv6", journal("router/0", "2001:db8:4e04:d139:2::77", null, WEB));
    journals.put("own-cell-ipv6", journal("frontend/0", "diego_cell/0", IpFamily.IPV6, APP));
    journals.put("cell-ipv6", journal("diego_cell/0", "frontend/0", IpFamily.IPV6, APP));
    journals.put("ping-ipv6", journal("router/0", "control/0", null, Service.ping(IpFamily.IPV6)));
    Map<String, String> files = new LinkedHashMap<>();
    journals.forEach((name, text) -> files.put(name + ".txt", text));
    GoldenFiles.of("trace").assertMatch(files);
  }

  @Test
  void ipv6_is_taken_where_both_ends_have_it_and_no_kernel_is_asked() {
    Journal journal =
        Trace.of(model, "frontend/0", "outside", null, family -> WEB).planned("no reason");

    assertThat(journal.packet().family()).isEqualTo(IpFamily.IPV6);
    assertThat(journal.unwatched()).isEqualTo("no reason");
    assertThat(journal.parting()).isEmpty();
    assertThat(journal.hops())
        .flatExtracting(Hop::decisions)
        .extracting(Decision::agreement)
        .containsOnly(Agreement.UNKNOWN);
  }

  @Test
  void ends_that_are_not_there_are_refused() {
    assertThatThrownBy(() -> Trace.of(model, "nobody/0", "outside", null, family -> WEB))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--from: \"nobody/0\": is none of frontend/0, frontend/1");
    assertThatThrownBy(() -> Trace.of(model, "outside", "nobody", null, family -> WEB))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--to: \"nobody\": is none of");
    assertThatThrownBy(() -> Trace.of(model, "outside", "outside", null, family -> WEB))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--to: outside: is the sender itself");
    assertThatThrownBy(() -> Trace.of(model, "outside", "192.0.2.1", IpFamily.IPV6, family -> WEB))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--to: 192.0.2.1: has no address of IPv6; use -4");
  }

  private static String journal(String from, String to, IpFamily family, Service service) {
    Journal journal =
        Trace.of(model, from, to, family, chosen -> service).planned("no kernel is asked");
    StringBuilder text = new StringBuilder("%s%n".formatted(journal.packet()));
    for (Hop hop : journal.hops()) {
      text.append("%s%n".formatted(hop.name()));
      for (Decision decision : hop.decisions()) {
        text.append("  %-11s %s%n".formatted(decision.about(), decision.configured()));
      }
    }
    return withoutLeases(text.append("%s%n".formatted(journal.outcome())).toString());
  }

  /** Cells draw their subnets, 10.255.X.0/24; here they are always A and B. */
  private static String withoutLeases(String text) {
    String changed = text;
    for (List<String> cell : List.of(List.of("frontend/0", "A"), List.of("frontend/1", "B"))) {
      IpAddress own =
          HostTables.read(host(cell.get(0)).words()).address(IpFamily.IPV4).orElseThrow();
      int subnet = own.toBytes()[2] & 0xff;
      String name = cell.get(1);
      changed =
          changed
              .replace("10.255.%d.".formatted(subnet), "10.255.%s.".formatted(name))
              .replace("s-010255%03d".formatted(subnet), "s-010255" + name.repeat(3))
              .replace("0a:ff:%02x".formatted(subnet), "0a:ff:" + name.repeat(2));
    }
    return changed;
  }

  private static LabModel.Host host(String label) {
    return model.hosts().stream()
        .filter(each -> each.label().equals(label))
        .findFirst()
        .orElseThrow();
  }
}
