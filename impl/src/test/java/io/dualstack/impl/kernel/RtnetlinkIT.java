package io.dualstack.impl.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.KernelException;
import io.dualstack.impl.kernel.rtnetlink.Change;
import io.dualstack.impl.kernel.rtnetlink.Change.VethEnd;
import io.dualstack.impl.kernel.rtnetlink.FoundNeighbor;
import io.dualstack.impl.kernel.rtnetlink.FoundRoute;
import io.dualstack.impl.kernel.rtnetlink.Rtnetlink;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import io.dualstack.testkit.lab.LabHost;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Changes made by messages, beside those that the command makes of the very same words. */
@ExtendWith(LabExtension.class)
class RtnetlinkIT {
  private static final MacAddress NEAR = MacAddress.parse("ee:ee:0a:00:00:01");
  private static final MacAddress FAR = MacAddress.parse("ee:ee:0a:00:00:02");

  private Namespace ours;
  private Namespace commands;
  private Namespace oursFar;
  private Namespace commandsFar;

  @BeforeEach
  void two_pairs_of_hosts(Lab lab) {
    ours = open(lab.host("ours"));
    commands = open(lab.host("commands"));
    oursFar = open(lab.container("oursfar"));
    commandsFar = open(lab.container("commandsfar"));
  }

  private static Namespace open(LabHost host) {
    return Namespace.open(host.namespace());
  }

  @AfterEach
  void close() {
    List.of(ours, commands, oursFar, commandsFar).forEach(Namespace::close);
  }

  private static Change veth(String near, String far, Namespace there) {
    return Change.addVeth(
        new VethEnd(near, NEAR, 1450, 4711), new VethEnd(far, FAR, 1450, 0), there);
  }

  @Test
  void each_change_does_what_its_words_do() {
    IpAddress ipv4 = IpAddress.parse("10.0.0.2");
    IpAddress ipv6 = IpAddress.parse("2001:db8::2");
    List<Change> near =
        List.of(
            Change.addNeighbor(ipv4, FAR, "near"),
            Change.addPeerAddress(IpAddress.parse("169.254.0.1"), ipv4, "near"),
            Change.setUp("near"),
            Change.addNeighbor(ipv6, FAR, "near"),
            Change.addAddress(IpAddress.parse("fe80::1"), true, "near"),
            Change.addAddress(IpAddress.parse("2001:db8::1"), false, "near"),
            Change.addRoute(ipv6.toPrefix(), "near"),
            Change.addRoute(IpPrefix.parse("10.1.0.0/16"), "near"),
            Change.addDefaultRoute(ipv4, "near", IpAddress.parse("169.254.0.1")),
            Change.addDefaultRoute(ipv6, "near", IpAddress.parse("2001:db8::1")),
            Change.replaceProxy(IpAddress.parse("2001:db8::9"), "eth0"),
            Change.replaceProxy(IpAddress.parse("2001:db8::9"), "eth0"));
    Rtnetlink.apply(ours, List.of(veth("near", "far", oursFar)));
    IpBatch.run(
        commands,
        List.of(
            veth("near", "far", commandsFar).words().replaceAll("netns \\S+", "netns ")
                + commandsFar.handle()));

    Rtnetlink.apply(ours, near);
    IpBatch.run(commands, near.stream().map(Change::words).toList());

    for (String[] question :
        new String[][] {
          {"-d", "link", "show", "dev", "near"},
          {"address", "show", "dev", "near"},
          {"-4", "route", "show", "table", "all", "dev", "near"},
          {"-6", "route", "show", "table", "all", "dev", "near"},
          {"neighbor", "show", "dev", "near"},
          {"-6", "neighbor", "show", "proxy"}
        }) {
      assertThat(answer(ours, question)).isEqualTo(answer(commands, question)).isNotEmpty();
    }
    assertThat(answer(oursFar, "link", "show", "dev", "far"))
        .isEqualTo(answer(commandsFar, "link", "show", "dev", "far"));

    List<Change> back =
        List.of(
            Change.deleteProxy(IpAddress.parse("2001:db8::9"), "eth0"), Change.deleteLink("near"));
    Rtnetlink.apply(ours, back);
    assertThat(Tool.run(ours, List.of("ip", "-br", "link"), "")).doesNotContain("near");
    assertThat(Tool.run(ours, List.of("ip", "-6", "neighbor", "show", "proxy"), "")).isEmpty();
  }

  /** Without the numbers that differ from namespace to namespace. */
  private static String answer(Namespace namespace, String... question) {
    return IpJson.read(namespace, question)
        .toString()
        .replaceAll("\"(ifindex|link_index|link_netnsid)\":\\d+,?", "");
  }

  @Test
  void what_the_kernel_would_do_is_told() {
    IpAddress ipv4 = IpAddress.parse("10.0.0.2");
    IpAddress ipv6 = IpAddress.parse("2001:db8::2");
    IpAddress own = IpAddress.parse("2001:db8::1");
    Rtnetlink.apply(
        ours,
        List.of(
            veth("near", "far", oursFar),
            Change.addPeerAddress(IpAddress.parse("169.254.0.1"), ipv4, "near"),
            Change.setUp("near"),
            Change.addNeighbor(ipv6, FAR, "near"),
            Change.addAddress(own, false, "near"),
            Change.addRoute(ipv6.toPrefix(), "near")));
    IpBatch.run(
        ours,
        List.of(
            "route add 10.9.0.0/16 via 10.0.0.2 dev near src 169.254.0.1",
            "route add 2001:db8:9::/48 via 2001:db8::2 dev near src 2001:db8::1",
            "route add unreachable 2001:db8:8::/48",
            "link add name tunnel type vxlan id 1 local 169.254.0.1 dstport 4789 nolearning"));
    String fdb =
        Tool.run(
            ours,
            List.of("bridge", "-batch", "-"),
            "fdb replace %s dev tunnel dst 10.0.0.2 self permanent\n".formatted(FAR));
    assertThat(fdb).isEmpty();
    int near = number("near");

    assertThat(FoundRoute.of(ours, IpAddress.parse("10.9.1.1"), null))
        .isEqualTo(new FoundRoute(false, ipv4, near, IpAddress.parse("169.254.0.1")));
    assertThat(FoundRoute.of(ours, IpAddress.parse("2001:db8:9::1"), null))
        .isEqualTo(new FoundRoute(false, ipv6, near, own));
    assertThat(FoundRoute.of(ours, ipv6, null).via()).isNull();
    assertThat(FoundRoute.of(ours, own, null).isLocal()).isTrue();
    assertThatThrownBy(() -> FoundRoute.of(ours, IpAddress.parse("2001:db8:8::1"), null))
        .isInstanceOfSatisfying(
            KernelException.class, e -> assertThat(e.answer()).contains("No route to host"));

    assertThat(FoundNeighbor.of(ours, ipv6, near))
        .contains(new FoundNeighbor(FAR, null, "permanent"));
    assertThat(FoundNeighbor.of(ours, IpAddress.parse("2001:db8::3"), near)).isEmpty();
    assertThat(FoundNeighbor.forwarding(ours, FAR, number("tunnel")))
        .contains(new FoundNeighbor(FAR, ipv4, "permanent"));
    assertThat(FoundNeighbor.forwarding(ours, NEAR, number("tunnel"))).isEmpty();
  }

  private int number(String device) {
    return IpJson.read(ours, "link", "show", "dev", device).get(0).path("ifindex").asInt();
  }

  @Test
  void the_first_that_fails_is_named_with_the_kernels_words_and_ends_it() {
    Rtnetlink.apply(ours, List.of(veth("near", "far", oursFar)));

    assertThatThrownBy(
            () ->
                Rtnetlink.apply(
                    ours,
                    List.of(
                        Change.setUp("near"),
                        veth("near", "other", oursFar),
                        Change.deleteLink("near"))))
        .isInstanceOfSatisfying(
            KernelException.class,
            failure -> {
              assertThat(failure.command()).startsWith("ip link add name near group 4711");
              assertThat(failure.answer()).isEqualTo("File exists");
            });
    assertThat(answer(ours, "link", "show", "dev", "near")).contains("\"UP\"");
  }

  @Test
  void what_the_kernel_says_beside_the_number_is_told() {
    assertThatThrownBy(
            () ->
                Rtnetlink.apply(
                    ours,
                    List.of(
                        Change.addDefaultRoute(
                            IpAddress.parse("192.0.2.1"), "eth0", IpAddress.parse("172.31.0.1")))))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("Network is unreachable: Nexthop has invalid gateway");
  }

  @Test
  void a_device_that_is_not_there_is_told_from_a_name_that_no_device_can_have() {
    assertThatThrownBy(() -> Rtnetlink.apply(ours, List.of(Change.setUp("nosuch"))))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("link set dev nosuch up")
        .hasMessageEndingWith("Cannot find device \"nosuch\"");
    assertThatThrownBy(() -> Rtnetlink.apply(ours, List.of(Change.setUp("eth0 wrong"))))
        .isInstanceOf(KernelException.class)
        .hasMessageEndingWith("\"eth0 wrong\" is no name of a device");
  }
}
