package io.dualstack.impl.kernel.rtnetlink;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import io.dualstack.KernelException;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Netlink;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.regex.Pattern;

/** Has the kernel make changes. Loading this class needs JNA. */
public final class Rtnetlink {
  private static final int TYPE_ERROR = 2;

  /** What the kernel takes as a name. */
  private static final Pattern DEVICE = Pattern.compile("[^\\s/:]{1,15}");

  static {
    Native.register(Rtnetlink.class, "c");
  }

  private Rtnetlink() {}

  /**
   * Makes changes in their order; does nothing when there are none.
   *
   * @throws KernelException naming the change that failed; those before it are made, those after it
   *     are not
   */
  public static void apply(Namespace namespace, List<Change> changes) {
    if (!changes.isEmpty()) {
      namespace.run(() -> applyHere(namespace, changes));
    }
  }

  private static void applyHere(Namespace namespace, List<Change> changes) {
    try (Netlink socket = Netlink.open(Netlink.ROUTE)) {
      int sequence = 0;
      for (Change change : changes) {
        sequence++;
        String refused = tell(socket, change, sequence);
        if (!refused.isEmpty()) {
          throw new KernelException("ip %s (in %s)".formatted(change, namespace), refused, null);
        }
      }
    } catch (LastErrorException e) {
      throw new KernelException("rtnetlink in " + namespace, String.valueOf(e.getMessage()), e);
    }
  }

  /** Returns what the kernel has against a change; empty when it is made. */
  private static String tell(Netlink socket, Change change, int sequence) {
    String[] missing = {""};
    Message message =
        change
            .message()
            .make(
                device -> {
                  int number = if_nametoindex(device);
                  if (number == 0) {
                    missing[0] =
                        DEVICE.matcher(device).matches()
                            ? "Cannot find device \"%s\"".formatted(device)
                            : "\"%s\" is no name of a device".formatted(device);
                  }
                  return number;
                });
    if (!missing[0].isEmpty()) {
      return missing[0];
    }
    ByteBuffer request = message.numbered(sequence);
    byte[] bytes = new byte[request.remaining()];
    request.get(bytes);
    socket.send(bytes, bytes.length);
    while (true) {
      ByteBuffer received = socket.receive();
      if (received.getShort(Integer.BYTES) == TYPE_ERROR
          && received.getInt(2 * Integer.BYTES) == sequence) {
        return Netlink.refusal(received);
      }
    }
  }

  /** 0 says that there is no such device. */
  private static native int if_nametoindex(String name);
}
