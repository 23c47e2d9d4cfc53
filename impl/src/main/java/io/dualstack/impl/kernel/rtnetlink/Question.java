package io.dualstack.impl.kernel.rtnetlink;

import com.sun.jna.LastErrorException;
import io.dualstack.KernelException;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Netlink;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Asks the kernel of one namespace about one thing. */
final class Question {
  private static final int SEQUENCE = 1;
  private static final int TYPE_ERROR = 2;
  private static final int TYPE_AT = 4;
  private static final int SEQUENCE_AT = 8;

  private Question() {}

  /**
   * Asks.
   *
   * @param words what is asked, in the words of {@code ip}
   * @return the answer; empty when the kernel answers nothing
   * @throws KernelException with what the kernel says instead
   */
  static Optional<ByteBuffer> ask(Namespace namespace, String words, Message message) {
    return namespace.call(
        () -> {
          try (Netlink socket = Netlink.open(Netlink.ROUTE)) {
            ByteBuffer asked = message.numbered(SEQUENCE);
            byte[] bytes = new byte[asked.remaining()];
            asked.get(bytes);
            socket.send(bytes, bytes.length);
            return answer(socket, "ip %s (in %s)".formatted(words, namespace));
          } catch (LastErrorException e) {
            throw new KernelException(
                "rtnetlink in " + namespace, String.valueOf(e.getMessage()), e);
          }
        });
  }

  /** The answer comes first, and then the acknowledgement. */
  private static Optional<ByteBuffer> answer(Netlink socket, String name) {
    Optional<ByteBuffer> found = Optional.empty();
    while (true) {
      ByteBuffer received = socket.receive();
      if (received.getInt(SEQUENCE_AT) != SEQUENCE) {
        continue;
      }
      if (received.getShort(TYPE_AT) != TYPE_ERROR) {
        found = Optional.of(received);
        continue;
      }
      String refused = Netlink.refusal(received);
      if (!refused.isEmpty()) {
        throw new KernelException(name, refused, null);
      }
      return found;
    }
  }
}
