package io.dualstack.impl.lease.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Hosts 10.0.0.1, 10.0.0.2, … that reach each other: a namespace each, linked by a bridge in one
 * more. All are gone when this is closed.
 */
final class Underlay implements AutoCloseable {

  private static final String SWITCH = "switch";

  private final String prefix = "ds-" + UUID.randomUUID().toString().substring(0, 6) + "-";
  private final List<String> names = new ArrayList<>();
  private final List<Namespace> open = new ArrayList<>();

  Underlay(int hosts) {
    try {
      make(SWITCH);
      in(SWITCH, "ip", "link", "add", "br0", "type", "bridge");
      in(SWITCH, "ip", "link", "set", "br0", "up");
      for (int host = 1; host <= hosts; host++) {
        String name = "h" + host;
        make(name);
        in(
            SWITCH,
            "ip",
            "link",
            "add",
            name,
            "type",
            "veth",
            "peer",
            "name",
            "eth0",
            "netns",
            prefix + name);
        in(SWITCH, "ip", "link", "set", name, "master", "br0", "up");
        in(name, "ip", "link", "set", "lo", "up");
        in(name, "ip", "link", "set", "eth0", "up");
        in(name, "ip", "address", "add", "10.0.0." + host + "/24", "dev", "eth0");
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** What is missing skips the test on a developer's machine, and fails it where CI is set. */
  static void require_the_right_to_make_namespaces() throws Exception {
    boolean root = false;
    try {
      Process id = new ProcessBuilder("id", "-u").start();
      root = new String(id.getInputStream().readAllBytes(), "UTF-8").strip().equals("0");
      assertThat(id.waitFor()).isZero();
    } catch (IOException e) {
      root = false;
    }
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      assertThat(root).as("no right to make namespaces").isTrue();
    } else {
      assumeTrue(root, "no right to make namespaces");
    }
  }

  private void make(String name) {
    Tool.run(Namespace.own(), List.of("ip", "netns", "add", prefix + name), "");
    names.add(name);
  }

  Namespace host(int number) {
    Namespace opened = Namespace.open(Path.of("/run/netns/" + prefix + "h" + number));
    open.add(opened);
    return opened;
  }

  String name(int host) {
    return prefix + "h" + host;
  }

  String on(int host, String... command) {
    return in("h" + host, command);
  }

  private String in(String name, String... command) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", prefix + name));
    all.addAll(List.of(command));
    return Tool.run(Namespace.own(), all, "");
  }

  @Override
  public void close() {
    open.forEach(Namespace::close);
    names.forEach(
        name -> Tool.run(Namespace.own(), List.of("ip", "netns", "delete", prefix + name), ""));
  }
}
