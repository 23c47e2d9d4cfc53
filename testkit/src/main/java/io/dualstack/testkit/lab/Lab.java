package io.dualstack.testkit.lab;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A network of hosts made of network namespaces, for one test. Hosts share an underlay, a bridge in
 * a namespace of its own, with {@code 172.31.0.0/24} and {@code 2001:db8:ff::/64} on it. Nothing of
 * the machine's own network is touched.
 *
 * <p>A test gets one as a parameter through {@link LabExtension}; others {@link #open} and close it
 * themselves. Needs Linux, the right to make namespaces (root), and the commands {@code ip} and
 * {@code ping}. Not thread-safe, but what its hosts do is.
 *
 * <p>Namespaces are named {@code ds-PID.START.N-NAME}. Opening a lab first removes those of runs
 * that were killed, told by a process of that number and start which is there no more.
 */
public final class Lab implements AutoCloseable {
  /** How long a probe waits for an answer before it counts as none. */
  public static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Path NAMESPACES = Path.of("/run/netns");
  private static final Pattern NAME = Pattern.compile("ds-(\\d+)\\.(\\d+)\\.\\d+-.*");
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final String prefix =
      "ds-%d.%d.%d-"
          .formatted(
              ProcessHandle.current().pid(),
              start(ProcessHandle.current()),
              NUMBER.incrementAndGet());
  private final Map<String, LabHost> hosts = new LinkedHashMap<>();
  private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();
  private boolean hasUnderlay;
  private int lastNumber;

  private Lab() {}

  /**
   * Opens a lab without hosts, and removes what killed runs left.
   *
   * @return the lab, which the caller closes
   */
  public static Lab open() {
    removeLeftovers();
    return new Lab();
  }

  /**
   * Makes a host on the underlay, with forwarding on in both families. The n-th has {@code
   * 172.31.0.n} and {@code 2001:db8:ff::n} on its device {@code eth0}. It tells every refusal,
   * where a machine limits how many ICMP errors it sends.
   *
   * @param name unique in this lab, at most 20 letters and digits
   * @return the host
   * @throws IllegalArgumentException if there is one of that name
   */
  public LabHost host(String name) {
    if (!hasUnderlay) {
      Path underlay = namespace("underlay");
      ip(
          underlay,
          "link add name underlay type bridge stp_state 0 mcast_snooping 0",
          "link set dev underlay up");
      hasUnderlay = true;
    }
    int number = ++lastNumber;
    IpAddress ipv4 = IpAddress.parse("172.31.0." + number);
    IpAddress ipv6 = IpAddress.parse("2001:db8:ff::%x".formatted(number));
    LabHost host = added(new LabHost(this, name, namespace(name), List.of(ipv4, ipv6)));
    ip(
        NAMESPACES.resolve(prefix + "underlay"),
        "link add name p%d type veth peer name eth0 netns %s".formatted(number, host.namespace()),
        "link set dev p%d master underlay up".formatted(number));
    ip(
        host.namespace(),
        "link set dev lo up",
        "link set dev eth0 up",
        "address add %s/24 dev eth0".formatted(ipv4),
        "address add %s/64 dev eth0 nodad".formatted(ipv6));
    host.write("net/ipv4/ip_forward", "1");
    host.write("net/ipv6/conf/all/forwarding", "1");
    tellEveryRefusal(host);
    return host;
  }

  /**
   * Lifts the kernel's limits of ICMP errors: a number for each peer, and a budget of the namespace
   * (50 at once, 1,000 a second) that both families share. Without it one flow of refused attempts
   * uses up what the others' refusals need, and those look lost.
   */
  private static void tellEveryRefusal(LabHost host) {
    host.write("net/ipv4/icmp_ratelimit", "0");
    host.write("net/ipv6/icmp/ratelimit", "0");
    // Older kernels have one budget for the whole machine, which a lab leaves as it is.
    if (host.has("net/ipv4/icmp_msgs_burst")) {
      // Well below 4 million a second, where some kernels' product overflows and nothing is sent.
      host.write("net/ipv4/icmp_msgs_per_sec", "1000000");
      host.write("net/ipv4/icmp_msgs_burst", "1000000");
    }
  }

  /**
   * Makes the namespace of a container: nothing in it but a loopback device that is down, as a
   * container runtime hands it to a network plugin.
   *
   * @param name unique in this lab, at most 20 letters and digits
   * @return the container
   * @throws IllegalArgumentException if there is one of that name
   */
  public LabHost container(String name) {
    return added(new LabHost(this, name, namespace(name), List.of()));
  }

  /**
   * Has the underlay's other hosts, those that are there by now, send a prefix to a host, as a
   * fabric does that routes it.
   *
   * @param routed the prefix
   * @param to the host it is behind
   */
  public void route(IpPrefix routed, LabHost to) {
    IpAddress gateway = to.address(routed.family());
    for (LabHost host : hosts.values()) {
      if (host != to && !host.addresses().isEmpty()) {
        ip(host.namespace(), "route replace %s via %s dev eth0".formatted(routed, gateway));
      }
    }
  }

  private LabHost added(LabHost host) {
    hosts.put(host.name(), host);
    return host;
  }

  private Path namespace(String name) {
    if (!name.matches("[a-z0-9]{1,20}")) {
      throw new IllegalArgumentException(name + ": use 1 to 20 small letters and digits");
    }
    if (hosts.containsKey(name)) {
      throw new IllegalArgumentException(name + ": is in this lab already; choose another name");
    }
    LabCommand.run(null, List.of("ip", "netns", "add", prefix + name), "").orThrow();
    return NAMESPACES.resolve(prefix + name);
  }

  static void ip(Path namespace, String... commands) {
    LabCommand.run(namespace, List.of("ip", "-batch", "-"), String.join("\n", commands) + "\n")
        .orThrow();
  }

  <T extends AutoCloseable> T closing(T resource) {
    opened.add(resource);
    return resource;
  }

  /** Ends what runs in the namespaces and removes them. Closing twice is closing once. */
  @Override
  public void close() {
    RuntimeException failed = null;
    for (AutoCloseable resource : opened) {
      try {
        resource.close();
      } catch (Exception e) {
        failed = new IllegalStateException("close " + resource, e);
      }
    }
    opened.clear();
    hosts.clear();
    remove(path -> path.getFileName().toString().startsWith(prefix));
    if (failed != null) {
      throw failed;
    }
  }

  static void removeLeftovers() {
    remove(path -> isLeftOver(path.getFileName().toString()));
  }

  private static boolean isLeftOver(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches()
        && ProcessHandle.of(Long.parseLong(matcher.group(1)))
            .filter(process -> start(process) == Long.parseLong(matcher.group(2)))
            .isEmpty();
  }

  private static long start(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  private static void remove(Predicate<Path> which) {
    if (!Files.isDirectory(NAMESPACES)) {
      return;
    }
    try (Stream<Path> files = Files.list(NAMESPACES)) {
      for (Path file : files.filter(which).toList()) {
        String name = file.getFileName().toString();
        LabCommand pids = LabCommand.run(null, List.of("ip", "netns", "pids", name), "");
        if (pids.exitCode() == 0) {
          pids.output()
              .lines()
              .map(String::strip)
              .filter(line -> line.matches("\\d+"))
              .map(Long::parseLong)
              .filter(pid -> pid != ProcessHandle.current().pid())
              .flatMap(pid -> ProcessHandle.of(pid).stream())
              .forEach(ProcessHandle::destroyForcibly);
        }
        // Another run may have been quicker.
        LabCommand deleted = LabCommand.run(null, List.of("ip", "netns", "delete", name), "");
        if (deleted.exitCode() != 0 && Files.exists(file)) {
          throw new IllegalStateException(file + ": can't be removed: " + deleted.output().strip());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return "lab " + prefix + hosts.keySet();
  }
}
