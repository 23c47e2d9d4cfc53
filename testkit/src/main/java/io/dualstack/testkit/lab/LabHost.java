package io.dualstack.testkit.lab;

import io.dualstack.firewall.Service;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.MacAddress;
import io.dualstack.net.Protocol;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;

/** A host of a {@link Lab}, or the namespace of a container. Thread-safe. */
public final class LabHost {
  private static final int LONGEST_VALUE = 4096;

  private final Lab lab;
  private final String name;
  private final Path namespace;
  private final List<IpAddress> addresses;

  LabHost(Lab lab, String name, Path namespace, List<IpAddress> addresses) {
    this.lab = lab;
    this.name = name;
    this.namespace = namespace;
    this.addresses = addresses;
  }

  /**
   * Returns what the test called it.
   *
   * @return the name
   */
  public String name() {
    return name;
  }

  /**
   * Returns the file that names the namespace, as {@code CNI_NETNS} wants it.
   *
   * @return a path below {@code /run/netns}
   */
  public Path namespace() {
    return namespace;
  }

  /**
   * Returns its addresses on the underlay.
   *
   * @return the IPv4 and the IPv6 address; empty for a container
   */
  public List<IpAddress> addresses() {
    return addresses;
  }

  /**
   * Returns its address of a family on the underlay.
   *
   * @param family the family
   * @return the address
   * @throws IllegalStateException if it is a container
   */
  public IpAddress address(IpFamily family) {
    return addresses.stream()
        .filter(address -> address.family() == family)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(name + ": is not on the underlay"));
  }

  /**
   * Does work on a thread in the namespace: sockets opened, processes started and files below
   * {@code /proc/sys/net} are the host's.
   *
   * @param <T> what comes of it
   * @param work the work
   * @return what came of it
   * @throws IllegalStateException with the cause if the work throws a checked exception
   */
  public <T> T call(Callable<T> work) {
    return LabNamespace.call(namespace, work);
  }

  /**
   * Runs a command in the namespace.
   *
   * @param command the command and its arguments
   * @return what it wrote to its output and errors
   * @throws IllegalStateException with that text if its exit code isn't 0
   */
  public String run(String... command) {
    return LabCommand.run(namespace, List.of(command), "").orThrow();
  }

  /**
   * Changes the host's network.
   *
   * @param commands commands of {@code ip}, without that word
   * @throws IllegalStateException if one fails; those before it are done
   */
  public void ip(String... commands) {
    Lab.ip(namespace, commands);
  }

  /**
   * Writes a setting of the network stack.
   *
   * @param key a path below {@code /proc/sys} that begins with {@code net/}
   * @param value what to write
   */
  public void write(String key, String value) {
    Path file =
        call(
            () ->
                Files.writeString(
                    Path.of("/proc/sys").resolve(key), value, StandardOpenOption.WRITE));
    assert file != null;
  }

  /** Returns whether the namespace has a setting; some belong to the machine alone. */
  boolean has(String key) {
    return call(() -> Files.exists(Path.of("/proc/sys").resolve(key)));
  }

  /**
   * Reads a setting of the network stack.
   *
   * @param key a path below {@code /proc/sys} that begins with {@code net/}
   * @return its value
   */
  public String read(String key) {
    return call(
        () -> {
          try (InputStream in = Files.newInputStream(Path.of("/proc/sys").resolve(key))) {
            // By one call: to the second one the kernel answers nothing, however little the first
            // took.
            return new String(in.readNBytes(LONGEST_VALUE), StandardCharsets.UTF_8).strip();
          }
        });
  }

  /**
   * Tries to reach an address of another host from this one: by ping, TCP and UDP, for each of
   * which the other gets a server. Takes up to three times {@link Lab#PATIENCE} when nothing
   * answers.
   *
   * @param other the host that should answer
   * @param target the address to try
   * @return what answered, and which source the other host saw
   */
  public Contact contact(LabHost other, IpAddress target) {
    try (Listener tcp = other.listen(target, Service.port(Protocol.TCP, 0));
        Listener udp = other.listen(target, Service.port(Protocol.UDP, 0))) {
      return new Contact(
          "%s to %s, %s".formatted(this, other, target),
          attempt(target, Service.ping(target.family())).outcome() == Outcome.ANSWERED,
          attempt(target, Service.port(Protocol.TCP, tcp.port())).seenFrom(),
          attempt(target, Service.port(Protocol.UDP, udp.port())).seenFrom());
    }
  }

  /**
   * Starts a server.
   *
   * @param address what it listens on; if it is not this host's, on all that are
   * @param service a TCP or UDP port; 0 for any that is free
   * @return the server, which the lab closes if the caller does not
   * @throws IllegalArgumentException if the protocol is another
   */
  public Listener listen(IpAddress address, Service service) {
    return lab.closing(Listener.start(this, address, service));
  }

  /**
   * Tries once to reach a service. Takes up to {@link Lab#PATIENCE} when nothing answers, a ping a
   * second more.
   *
   * @param target the address to try
   * @param service a TCP or UDP port, where a {@link Listener} answers, or a {@link Service#ping}
   * @return what came of it
   * @throws IllegalArgumentException if the service is another
   */
  public Attempt attempt(IpAddress target, Service service) {
    Attempts.Client client = Attempts.client(this, target, service);
    return call(client::attempt);
  }

  /**
   * Tries to reach a service over and over, until it is told to end.
   *
   * @param target the address to try
   * @param service a TCP or UDP port, where a {@link Listener} answers
   * @return the attempts, which go on until they are closed
   */
  public Flow flow(IpAddress target, Service service) {
    return lab.closing(Flow.start(this, target, service));
  }

  /**
   * Starts to record what a device sees, in both directions. It is recorded from the return of this
   * method on.
   *
   * @param device the device's name
   * @return the record, which the lab closes if the caller does not
   */
  public Capture capture(String device) {
    return lab.closing(Capture.start(this, device));
  }

  /**
   * Sends a packet as it is, past the host's own checks and its neighbor table.
   *
   * @param device the device to send it out of
   * @param to the hardware address of its receiver
   * @param packet an IP packet from its header on, such as {@link ForgedPackets} makes
   */
  public void send(String device, MacAddress to, byte[] packet) {
    long sent = call(() -> PacketSocket.send(device, to, packet));
    assert sent == packet.length;
  }

  @Override
  public String toString() {
    return name;
  }
}
