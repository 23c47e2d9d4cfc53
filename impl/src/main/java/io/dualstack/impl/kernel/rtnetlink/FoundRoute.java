package io.dualstack.impl.kernel.rtnetlink;

import io.dualstack.KernelException;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.NetlinkAttributes;
import io.dualstack.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the kernel would send a packet.
 *
 * @param isLocal whether it would keep it
 * @param via the next hop; null where the destination is on the link
 * @param device the number of the device it would leave by
 * @param source the source it would give the packet if it had none; null if it tells none
 */
public record FoundRoute(
    boolean isLocal, @Nullable IpAddress via, int device, @Nullable IpAddress source) {
  private static final int TYPE_AT = 23;
  private static final int ATTRIBUTES_AT = 28;
  private static final int LOCAL = 2;

  /** Attributes of routes, RTA_*. */
  private static final int DESTINATION = 1;

  private static final int SOURCE = 2;
  private static final int IN = 3;
  private static final int OUT = 4;
  private static final int GATEWAY = 5;
  private static final int PREFERRED_SOURCE = 7;
  private static final int MARK = 16;

  /**
   * A packet that came in.
   *
   * @param source its source
   * @param device the number of the device it came in by
   * @param mark its mark
   */
  public record Arrival(IpAddress source, int device, long mark) {}

  /**
   * Asks the kernel.
   *
   * @param arrival how the packet came in; null if it is the namespace's own
   * @throws KernelException if it has no route, or one that refuses
   */
  public static FoundRoute of(
      Namespace namespace, IpAddress destination, @Nullable Arrival arrival) {
    int bits = destination.family().bits();
    Message message =
        new Message(Message.GET_ROUTE, 0)
            .route(Change.number(destination.family()), bits, 0, 0, 0)
            .attribute(DESTINATION, destination.toBytes());
    if (arrival != null) {
      message.attribute(SOURCE, arrival.source().toBytes()).attribute(IN, arrival.device());
      if (arrival.mark() != 0) {
        message.attribute(MARK, (int) arrival.mark());
      }
    }
    ByteBuffer answer =
        Question.ask(namespace, "route get " + destination, message)
            .orElseThrow(
                () ->
                    new KernelException("ip route get " + destination, "no answer to that", null));
    Map<Integer, byte[]> values = NetlinkAttributes.read(answer, ATTRIBUTES_AT, answer.limit());
    return new FoundRoute(
        answer.get(TYPE_AT) == LOCAL,
        address(values, GATEWAY).orElse(null),
        Optional.ofNullable(values.get(OUT)).map(FoundRoute::number).orElse(0),
        address(values, PREFERRED_SOURCE).orElse(null));
  }

  private static Optional<IpAddress> address(Map<Integer, byte[]> values, int type) {
    return Optional.ofNullable(values.get(type)).map(IpAddress::ofBytes);
  }

  private static int number(byte[] value) {
    return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt();
  }
}
