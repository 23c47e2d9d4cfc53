package io.dualstack.impl.firewall.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.KernelException;
import io.dualstack.firewall.CellFirewall;
import io.dualstack.firewall.ContainerFirewall;
import io.dualstack.firewall.PolicyRules;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.firewall.Traffic;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.firewall.cell.CellWorld;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Nft;
import io.dualstack.impl.kernel.nftables.Transactions;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What this process tells the kernel is what {@code nft} would have told it. */
class ScriptsIT {
  private static final CellFirewall CELL =
      CellWorld.CELL.unmasquerading(IpPrefix.parse("172.16.0.0/12"));

  private static Lab lab;
  private static LabHost ours;
  private static LabHost theirs;

  @BeforeContainer
  static void open() {
    lab = Lab.open();
    ours = lab.container("ours");
    theirs = lab.container("theirs");
  }

  @AfterContainer
  static void close() {
    lab.close();
  }

  @Provide
  Arbitrary<List<SecurityGroup>> groups() {
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(9, CellWorld.groups()),
        net.jqwik.api.Tuple.of(1, Arbitraries.of(501, 2000).map(ScriptsIT::many)));
  }

  /** With as many destinations as are looked up otherwise than few. */
  private static List<SecurityGroup> many(int rules) {
    List<SecurityGroupRule> all = new ArrayList<>();
    for (int i = 0; i < rules; i++) {
      all.add(
          new SecurityGroupRule(
              new Traffic.Ports(Protocol.TCP, List.of(PortRange.of(1 + i % 3, 9))),
              IpSet.of(
                  IpRange.of(
                      IpAddress.parse("0.0.0.0").plus(i * 4L),
                      IpAddress.parse("0.0.0.0").plus(i * 4L + i % 4)),
                  IpRange.single(IpAddress.parse("2001:db8::").plus(2L * i))),
              i % 2 == 0,
              ""));
    }
    return List.of(new SecurityGroup("many", all, Set.of()));
  }

  @Provide
  Arbitrary<PolicyRules> policies() {
    return Arbitraries.of(
        PolicyRules.NONE,
        new PolicyRules(
            List.of(IpPrefix.parse("10.255.7.0/24")),
            List.of(new PolicyRules.Source("app-a", CellWorld.A.ipv4(), 0x2a)),
            List.of(
                new PolicyRules.Allowed(
                    "app-a",
                    "app-b",
                    CellWorld.B.ipv4(),
                    Protocol.TCP,
                    PortRange.of(8080, 8090),
                    0x2a)),
            true));
  }

  @Property(tries = 10, shrinking = ShrinkingMode.OFF)
  void mean_what_nft_takes_them_for(
      @ForAll("groups") List<SecurityGroup> some,
      @ForAll("groups") List<SecurityGroup> others,
      @ForAll("policies") PolicyRules policies) {
    CellTable table = new CellTable(new CellModel(CELL));
    ContainerFirewall a = CellWorld.container(CellWorld.A, some);
    ContainerFirewall b =
        new ContainerFirewall(CellWorld.B, a.workload(), List.of(80, 90), List.of(), others);
    NftablesBackend.Installation whole =
        new NftablesBackend(new CellModel(CELL), Namespace.own())
            .installation(List.of(a), policies);
    List<String> scripts = new ArrayList<>(List.of(whole.script()));
    String handle = a.endpoint().handle();
    for (TableState.Change change :
        List.of(
            whole.state().change(b.endpoint().handle(), null, table.contents(b), "1"),
            whole
                .state()
                .change(
                    handle,
                    table.egressMaps(),
                    table.contents(a.reaching(others)).of(table.egressMaps()),
                    "2"),
            whole.state().change("", null, table.contents(PolicyRules.NONE), "3"),
            whole.state().change(handle, null, new Contents(), "4294967295"))) {
      Stream.of(change.preparing(), change.turning(), change.clearing())
          .filter(script -> !script.isEmpty())
          .forEach(scripts::add);
    }
    try (Namespace here = Namespace.open(ours.namespace());
        Namespace there = Namespace.open(theirs.namespace());
        Transactions transactions = Transactions.open(here, table.types());
        Nft nft = Nft.open(there)) {
      for (String script : scripts) {
        transactions.run(script);
        nft.run(script);

        assertThat(listing(ours)).isEqualTo(listing(theirs));
      }
    }
  }

  /** The elements of sets are in no order. */
  private static List<String> listing(LabHost host) {
    List<String> listing = new ArrayList<>();
    String table = host.run("nft", "list", "table", "inet", CellTable.NAME);
    for (String part : table.split("\\R\t}\\R")) {
      String[] set = part.split("elements = \\{", 2);
      listing.addAll(set[0].lines().toList());
      if (set.length == 2) {
        Stream.of(set[1].split(",")).map(String::strip).sorted().forEach(listing::add);
      }
    }
    return listing;
  }

  @Example
  void are_done_as_a_whole_or_not_at_all() {
    try (Namespace here = Namespace.open(ours.namespace());
        Transactions transactions = Transactions.open(here, Map.of("stamp", "mark"))) {
      transactions.run(
          "table inet whole\ndelete table inet whole\n"
              + "table inet whole {\n  set stamp {\n    type mark\n    elements = { 7 }\n  }\n}\n");
      String before = ours.run("nft", "list", "table", "inet", "whole");

      assertThatThrownBy(
              () ->
                  transactions.run(
                      "add element inet whole stamp { 8 }\ndelete element inet whole stamp { 9 }\n"))
          .isInstanceOf(KernelException.class)
          .hasMessageContaining("stamp")
          .hasMessageContaining("No such file");

      assertThat(ours.run("nft", "list", "table", "inet", "whole")).isEqualTo(before);
      transactions.run("add element inet whole stamp { 8 }\n");
      assertThat(ours.run("nft", "list", "table", "inet", "whole")).isNotEqualTo(before);
    }
  }

  @Example
  void are_refused_where_they_say_what_is_not_known() {
    try (Namespace here = Namespace.open(ours.namespace());
        Transactions transactions = Transactions.open(here, Map.of())) {
      for (String unknown :
          List.of(
              "flush ruleset\n",
              "table inet some {\n  chain some {\n    tcp sport 80 accept\n  }\n}\n",
              "table inet some {\n  chain some {\n    ct state old accept\n  }\n}\n",
              "add element inet some some { 8 }\n",
              "table inet some {\n  set some {\n    type ether_addr\n  }\n}\n")) {
        assertThatThrownBy(() -> transactions.run(unknown))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("known");
      }
    }
  }
}
