package io.dualstack.testkit.lab;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.MacAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.Callable;

/** A host of a {@link Lab}, or the namespace of a container. Thread-safe. */
public final class LabHost {
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

  /**
   * Reads a setting of the network stack.
   *
   * @param key a path below {@code /proc/sys} that begins with {@code net/}
   * @return its value
   */
  public String read(String key) {
    return call(() -> Files.readString(Path.of("/proc/sys").resolve(key)).strip());
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
    try (EchoServers servers = EchoServers.start(other, target)) {
      return servers.contactedFrom(this, target);
    }
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
