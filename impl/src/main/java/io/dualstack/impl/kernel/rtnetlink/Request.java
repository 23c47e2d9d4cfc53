package io.dualstack.impl.kernel.rtnetlink;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import io.dualstack.KernelException;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Netlink;
import java.nio.ByteBuffer;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;

/** A change, as the message by which the kernel is asked for it in one namespace. */
final class Request {
  private static final int TYPE_ERROR = 2;

  /** What the kernel takes as a name. */
  private static final Pattern DEVICE = Pattern.compile("[^\\s/:]{1,15}");

  static {
    Native.register(Request.class, "c");
  }

  private final String name;
  private final ByteBuffer message;
  private final int sequence;

  private Request(String name, ByteBuffer message, int sequence) {
    this.name = name;
    this.message = message;
    this.sequence = sequence;
  }

  /**
   * Makes the request for a change of the namespace that the calling thread is in.
   *
   * @param sequence the number by which its answer is known
   * @throws KernelException if it is about a device that is not there
   */
  static Request of(Namespace namespace, Change change, int sequence) {
    String name = "ip %s (in %s)".formatted(change, namespace);
    ToIntFunction<String> number =
        device -> {
          int found = if_nametoindex(device);
          if (found == 0) {
            throw new KernelException(name, missing(device), null);
          }
          return found;
        };
    return new Request(name, change.message().make(number).numbered(sequence), sequence);
  }

  private static String missing(String device) {
    return DEVICE.matcher(device).matches()
        ? "Cannot find device \"%s\"".formatted(device)
        : "\"%s\" is no name of a device".formatted(device);
  }

  /** Returns the number of the link that it is about, if it is about a link itself. */
  int link() {
    return LinkMessage.link(message);
  }

  /**
   * Has the kernel do it, and waits for the answer.
   *
   * @throws KernelException if the kernel refuses
   * @throws LastErrorException if it can't be asked
   */
  void tell(Netlink socket) {
    byte[] bytes = new byte[message.remaining()];
    message.duplicate().get(bytes);
    socket.send(bytes, bytes.length);
    String refused = Netlink.refusal(answer(socket));
    if (!refused.isEmpty()) {
      throw new KernelException(name, refused, null);
    }
  }

  private ByteBuffer answer(Netlink socket) {
    while (true) {
      ByteBuffer received = socket.receive();
      if (received.getShort(Integer.BYTES) == TYPE_ERROR
          && received.getInt(2 * Integer.BYTES) == sequence) {
        return received;
      }
    }
  }

  @Override
  public String toString() {
    return name;
  }

  /** 0 says that there is no such device. */
  private static native int if_nametoindex(String name);
}
