package io.dualstack.impl.kernel.rtnetlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.KernelException;
import io.dualstack.impl.jvm.OwnJvm;
import io.dualstack.impl.kernel.IpJson;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.rtnetlink.Change.VethEnd;
import io.dualstack.net.IpAddress;
import io.dualstack.net.MacAddress;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Links that a real kernel removes. */
@ExtendWith(LabExtension.class)
class LinkRemovalIT {
  private static final MacAddress NEAR = MacAddress.parse("ee:ee:0a:00:00:01");
  private static final MacAddress FAR = MacAddress.parse("ee:ee:0a:00:00:02");
  private static final int REPETITIONS = 100;

  /** How often a machine with much other work may be late for each time that it is not. */
  private static final int PATIENCE = 20;

  /** More than there are threads for. */
  private static final int MANY = 60;

  private static final int MOST_THREADS = 32;

  private Namespace host;
  private Namespace container;

  @BeforeEach
  void two_namespaces(Lab lab) {
    host = Namespace.open(lab.host("host").namespace());
    container = Namespace.open(lab.container("container").namespace());
  }

  @AfterEach
  void close() {
    List.of(host, container).forEach(Namespace::close);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nothing_of_a_pair_is_seen_in_either_namespace_and_both_names_are_free(boolean nearEnd) {
    int early = 0;

    // Who looks late sees nothing of what is seen at the notice.
    for (int repetition = 0; repetition < REPETITIONS || early < REPETITIONS / 2; repetition++) {
      assertThat(repetition).isLessThan(REPETITIONS * PATIENCE);
      addPair();
      int near = number(host, "near");
      int far = number(container, "far");
      String[] all = {
        "link", "address", "neighbor", "route",
        "/proc/net/dev", "/proc/net/if_inet6", "/proc/net/route", "/proc/net/ipv6_route"
      };
      assertThat(SeenOfLink.in(host, "near", near)).contains(all);
      assertThat(SeenOfLink.in(container, "far", far)).contains(all);

      if (nearEnd) {
        Rtnetlink.removeLink(host, "near");
      } else {
        Rtnetlink.removeLink(container, "far");
      }

      early += isKernelStillAsked() ? 1 : 0;
      assertThat(SeenOfLink.in(host, "near", near)).isEmpty();
      assertThat(SeenOfLink.in(container, "far", far)).isEmpty();
    }
  }

  private void addPair() {
    Rtnetlink.apply(
        host,
        List.of(
            Change.addVeth(
                new VethEnd("near", NEAR, 1450, 0), new VethEnd("far", FAR, 1450, 0), container)));
    Rtnetlink.apply(host, settings("near", "10.0.0.1", "10.0.0.2", "2001:db8::1", "2001:db8::2"));
    Rtnetlink.apply(
        container, settings("far", "10.0.0.2", "10.0.0.1", "2001:db8::2", "2001:db8::1"));
  }

  private static List<Change> settings(
      String device, String ipv4, String peer, String ipv6, String peerOfIpv6) {
    IpAddress local = IpAddress.parse(ipv4);
    IpAddress other = IpAddress.parse(peer);
    IpAddress otherIpv6 = IpAddress.parse(peerOfIpv6);
    return List.of(
        Change.addPeerAddress(local, other, device),
        Change.setUp(device),
        Change.addNeighbor(other, FAR, device),
        Change.addNeighbor(otherIpv6, FAR, device),
        Change.addAddress(IpAddress.parse(ipv6), false, device),
        Change.addRoute(otherIpv6.toPrefix(), device),
        Change.addDefaultRoute(other, device, local));
  }

  private static int number(Namespace namespace, String device) {
    return IpJson.read(namespace, "link", "show", "dev", device).get(0).path("ifindex").asInt();
  }

  private static boolean isKernelStillAsked() {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream)
        .anyMatch(frame -> frame.getClassName().equals(Request.class.getName()));
  }

  @Test
  void what_the_kernel_does_not_remove_is_refused_in_its_words() {
    assertThatThrownBy(() -> Rtnetlink.removeLink(host, "lo"))
        .isInstanceOfSatisfying(
            KernelException.class,
            failure -> {
              assertThat(failure.command()).startsWith("ip link delete dev lo (in ");
              assertThat(failure.answer()).isEqualTo("Operation not supported");
            });
    assertThatThrownBy(() -> Rtnetlink.removeLink(host, "nosuch"))
        .isInstanceOf(KernelException.class)
        .hasMessageEndingWith("Cannot find device \"nosuch\"");
  }

  @Test
  void many_at_once_are_all_removed_by_no_more_threads_than_there_may_be() throws Exception {
    List<String> devices = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      devices.add("near" + i);
      Rtnetlink.apply(
          host,
          List.of(
              Change.addVeth(
                  new VethEnd("near" + i, NEAR, 1450, 0),
                  new VethEnd("far" + i, FAR, 1450, 0),
                  container)));
    }
    ExecutorService callers = Executors.newFixedThreadPool(MANY);

    try {
      CompletableFuture<?>[] removals =
          devices.stream()
              .map(
                  device ->
                      CompletableFuture.runAsync(() -> Rtnetlink.removeLink(host, device), callers))
              .toArray(CompletableFuture[]::new);
      CompletableFuture.allOf(removals).join();
    } finally {
      callers.shutdown();
    }

    long threads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("link removal"))
            .count();
    assertThat(threads).isBetween(1L, (long) MOST_THREADS);
    assertThat(names(host)).containsExactlyInAnyOrder("lo", "eth0");
    assertThat(names(container)).containsExactly("lo");
  }

  private static List<String> names(Namespace namespace) {
    return IpJson.read(namespace, "link").stream()
        .map(link -> link.path("ifname").asText())
        .toList();
  }

  @Test
  void two_who_remove_the_same_link_both_find_it_gone() {
    for (int repetition = 0; repetition < REPETITIONS / 5; repetition++) {
      addPair();

      CompletableFuture<Boolean> one = removal(host, "near");
      CompletableFuture<Boolean> other = removal(container, "far");

      assertThat(List.of(one.join(), other.join())).contains(true);
      assertThat(names(host)).doesNotContain("near");
      assertThat(names(container)).doesNotContain("far");
    }
  }

  /** False if it was gone before. */
  private static CompletableFuture<Boolean> removal(Namespace namespace, String device) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            Rtnetlink.removeLink(namespace, device);
            return true;
          } catch (KernelException e) {
            assertThat(e.answer()).contains("Cannot find device");
            return false;
          }
        });
  }

  @Test
  void the_end_of_the_process_right_after_it_takes_nothing_back() throws Exception {
    Set<Integer> endings = new TreeSet<>();

    for (int repetition = 0;
        repetition < 5 || !endings.contains(RemoveAndHalt.WHILE_ASKED);
        repetition++) {
      assertThat(repetition).isLessThan(5 * PATIENCE);
      addPair();

      Process process =
          new ProcessBuilder(
                  OwnJvm.command(RemoveAndHalt.class, List.of(host.file().toString(), "near")))
              .inheritIO()
              .start();

      endings.add(process.waitFor());
      assertThat(names(host)).doesNotContain("near");
      assertThat(names(container)).containsExactly("lo");
    }

    assertThat(endings).isSubsetOf(RemoveAndHalt.ENDINGS);
    addPair();
  }

  /** A program that ends by force in the moment when the link is gone. */
  static final class RemoveAndHalt {
    static final int WHILE_ASKED = 10;
    static final Set<Integer> ENDINGS = Set.of(WHILE_ASKED, 11);

    private RemoveAndHalt() {}

    public static void main(String[] args) {
      Rtnetlink.removeLink(Namespace.open(Path.of(args[0])), args[1]);
      Runtime.getRuntime().halt(isKernelStillAsked() ? WHILE_ASKED : 11);
    }
  }
}
