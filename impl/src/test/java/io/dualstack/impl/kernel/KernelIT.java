package io.dualstack.impl.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.KernelException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The kernel package against the kernel, in two namespaces of its own. */
class KernelIT {
  private static final String PREFIX = "ds-kernel" + ProcessHandle.current().pid() + "-";

  private Namespace left;
  private Namespace right;

  @BeforeEach
  void two_namespaces() {
    left = make("left");
    right = make("right");
  }

  @AfterEach
  void are_removed() {
    for (Namespace namespace : List.of(left, right)) {
      namespace.close();
      ip("netns", "delete", namespace.file().getFileName().toString());
    }
  }

  private static Namespace make(String name) {
    ip("netns", "add", PREFIX + name);
    return Namespace.open(Path.of("/run/netns", PREFIX + name));
  }

  private static void ip(String... words) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    Tool.run(Namespace.own(), command, "");
  }

  @Test
  void a_device_made_in_one_namespace_has_its_other_end_in_another() {
    IpBatch.run(left, List.of(pair("here", "there")));

    assertThat(names(left)).containsExactly("lo", "here");
    assertThat(names(right)).containsExactly("lo", "there");
    assertThat(IpJson.read(Namespace.own(), "link"))
        .noneMatch(link -> link.path("ifname").asText().equals("here"));
  }

  @Test
  void a_failure_names_the_command_and_what_the_kernel_said_and_ends_the_batch() {
    assertThatThrownBy(
            () ->
                IpBatch.run(
                    left,
                    List.of(
                        pair("first", "there"),
                        "link set dev first up",
                        "link set dev nosuch up",
                        "link set dev first mtu 1300")))
        .isInstanceOfSatisfying(
            KernelException.class,
            failure -> {
              assertThat(failure.command()).contains("link set dev nosuch up");
              assertThat(failure.answer()).isEqualTo("Cannot find device \"nosuch\"");
            });

    assertThat(IpJson.read(left, "link", "show", "dev", "first"))
        .singleElement()
        .satisfies(
            link -> {
              assertThat(link.path("flags").toString()).contains("UP");
              assertThat(link.path("mtu").asInt()).isEqualTo(1500);
            });
  }

  @Test
  void what_a_batch_would_misread_is_refused_and_nothing_is_done() {
    assertThatThrownBy(
            () -> IpBatch.run(left, List.of("link set dev lo up", "link set dev a#b up")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a#b");

    assertThat(IpJson.read(left, "link", "show", "dev", "lo").get(0).path("flags").toString())
        .doesNotContain("\"UP\"");
  }

  @Test
  void the_settings_of_a_device_are_written_and_read_whatever_its_name() {
    IpBatch.run(left, List.of(pair("dotted.name", "there")));

    Sysctls.write(left, List.of(Sysctl.ofDevice("ipv6", "dotted.name", "accept_ra", 0)));

    assertThat(Sysctls.read(left, "ipv6/conf/dotted.name/accept_ra")).contains("0");
  }

  @Test
  void sockets_opened_in_a_namespace_stay_there() throws IOException {
    IpBatch.run(left, List.of("link set dev lo up"));
    InetSocketAddress address = new InetSocketAddress("::1", 0);

    try (ServerSocketChannel server = left.call(() -> ServerSocketChannel.open().bind(address))) {
      int port = ((InetSocketAddress) server.getLocalAddress()).getPort();

      // The same port is free in the other namespace, which its own loopback device shows.
      IpBatch.run(right, List.of("link set dev lo up"));
      try (ServerSocketChannel twin =
          right.call(() -> ServerSocketChannel.open().bind(new InetSocketAddress("::1", port)))) {
        assertThat(twin.isOpen()).isTrue();
      }
    }
  }

  @Test
  void a_namespace_outlives_its_name_while_it_is_open() {
    ip("netns", "delete", PREFIX + "left");

    assertThat(names(left)).containsExactly("lo");
    assertThat(left.isSameAs(Namespace.open(Path.of(left.handle())))).isTrue();
    assertThat(left.isSameAs(right)).isFalse();

    ip("netns", "add", PREFIX + "left");
  }

  @Test
  void files_that_are_no_namespace_are_refused_and_missing_ones_are_told() {
    assertThatThrownBy(() -> Namespace.open(Path.of("/etc/passwd")))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("/etc/passwd");
    assertThat(Namespace.tryOpen(Path.of("/run/netns/" + PREFIX + "none"))).isEmpty();
    assertThatThrownBy(() -> Namespace.open(Path.of("/run/netns/" + PREFIX + "none")))
        .hasMessageContaining("there is no such file");
  }

  @Test
  void what_is_kept_open_in_a_namespace_ends_once_with_it_or_at_once_if_that_is_closed() {
    for (Namespace namespace : List.of(Namespace.own(), Namespace.open(left.file()))) {
      List<String> ended = new ArrayList<>();
      namespace.onClose(() -> ended.add("first"));
      namespace.onClose(() -> ended.add("second"));
      assertThat(ended).isEmpty();

      namespace.close();
      namespace.close();

      assertThat(ended).containsExactly("second", "first");
    }
    Namespace closed = Namespace.open(left.file());
    closed.close();
    List<String> late = new ArrayList<>();
    closed.onClose(() -> late.add("late"));
    assertThat(late).containsExactly("late");
  }

  @Test
  void a_setting_is_read_whole() {
    Sysctls.write(left, List.of(new Sysctl("ipv4/ip_local_port_range", "20000 30000")));

    assertThat(Sysctls.read(left, "ipv4/ip_local_port_range")).contains("20000\t30000");
  }

  @Test
  void settings_that_are_not_there_are_told_by_name() {
    assertThat(Sysctls.read(left, "ipv6/conf/nosuch/accept_ra")).isEmpty();
    assertThatThrownBy(
            () -> Sysctls.write(left, List.of(Sysctl.ofDevice("ipv6", "nosuch", "accept_ra", 0))))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("/proc/sys/net/ipv6/conf/nosuch/accept_ra");
    assertThatThrownBy(() -> new Sysctl("../../etc/x", "1"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_state_of_ipv6_is_each_namespaces_own() {
    Sysctls.write(left, List.of(Sysctl.ofDevice("ipv6", "all", "disable_ipv6", 1)));

    assertThat(new HostIpv6Check().read(left).isEnabled()).isFalse();
    assertThat(new HostIpv6Check().read(right).isEnabled()).isTrue();
  }

  private String pair(String here, String there) {
    return "link add name %s type veth peer name %s netns %s"
        .formatted(here, there, right.handle());
  }

  private static List<String> names(Namespace namespace) {
    return IpJson.read(namespace, "link").stream()
        .map(link -> link.path("ifname").asText())
        .toList();
  }
}
