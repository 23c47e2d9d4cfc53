package io.dualstack.impl.kernel.rtnetlink;

import io.dualstack.KernelException;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.NetlinkAttributes;
import io.dualstack.net.IpAddress;
import io.dualstack.net.MacAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel holds of a neighbor.
 *
 * @param at its hardware address; null where nobody answered for it
 * @param beyond behind which address a tunnel leads there; null on all other links
 * @param state what the kernel calls it, such as {@code reachable}
 */
public record FoundNeighbor(@Nullable MacAddress at, @Nullable IpAddress beyond, String state) {
  private static final int STATE_AT = 24;
  private static final int ATTRIBUTES_AT = 28;
  private static final int AF_BRIDGE = 7;

  /** NTF_SELF: of the device itself, not of a bridge above it. */
  private static final int OF_THE_DEVICE = 2;

  /** Attributes of neighbors, NDA_*. */
  private static final int DESTINATION = 1;

  private static final int LINK_ADDRESS = 2;

  private static final long BYTE = 0xff;

  private static final String NONE = "No such file or directory";

  /** NUD_*. */
  private static final Map<Integer, String> STATES =
      Map.of(
          0x01, "incomplete",
          0x02, "reachable",
          0x04, "stale",
          0x08, "delayed",
          0x10, "probed",
          0x20, "failed",
          0x40, "without ARP",
          0x80, "permanent");

  /** Asks the kernel who it takes an address on a device's link for; empty if for nobody. */
  public static Optional<FoundNeighbor> of(Namespace namespace, IpAddress address, int device) {
    return ask(
        namespace,
        "neighbor get " + address,
        new Message(Message.GET_NEIGHBOR, 0)
            .neighbor(Change.number(address.family()), device, 0, 0)
            .attribute(DESTINATION, address.toBytes()),
        false);
  }

  /** Asks the kernel where a tunnel leads to a hardware address; empty if nowhere. */
  public static Optional<FoundNeighbor> forwarding(Namespace namespace, MacAddress to, int device) {
    return ask(
        namespace,
        "bridge fdb get " + to,
        new Message(Message.GET_NEIGHBOR, 0)
            .neighbor(AF_BRIDGE, device, 0, OF_THE_DEVICE)
            .attribute(LINK_ADDRESS, to.toBytes()),
        true);
  }

  private static Optional<FoundNeighbor> ask(
      Namespace namespace, String words, Message message, boolean tunnel) {
    try {
      return Question.ask(namespace, words, message).map(answer -> read(answer, tunnel));
    } catch (KernelException e) {
      if (e.answer().contains(NONE)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static FoundNeighbor read(ByteBuffer answer, boolean tunnel) {
    Map<Integer, byte[]> values = NetlinkAttributes.read(answer, ATTRIBUTES_AT, answer.limit());
    // A set, of which the last says the most: what is permanent is without ARP too.
    int state = Integer.highestOneBit(answer.getShort(STATE_AT));
    return new FoundNeighbor(
        Optional.ofNullable(values.get(LINK_ADDRESS)).map(FoundNeighbor::hardware).orElse(null),
        tunnel
            ? Optional.ofNullable(values.get(DESTINATION)).map(IpAddress::ofBytes).orElse(null)
            : null,
        STATES.getOrDefault(state, "not known yet"));
  }

  private static MacAddress hardware(byte[] bytes) {
    long bits = 0;
    for (byte each : bytes) {
      bits = bits << Byte.SIZE | (each & BYTE);
    }
    return MacAddress.of(bits);
  }
}
