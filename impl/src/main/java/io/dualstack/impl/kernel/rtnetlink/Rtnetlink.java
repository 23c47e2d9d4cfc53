package io.dualstack.impl.kernel.rtnetlink;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import io.dualstack.KernelException;
import io.dualstack.impl.kernel.Namespace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** Has the kernel make changes. Loading this class needs JNA. */
public final class Rtnetlink {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW_CLOSE_ON_EXEC = 3 | 0x8_0000;
  private static final int NETLINK_ROUTE = 0;
  private static final int SOL_NETLINK = 270;
  private static final int CAP_ACK = 10;
  private static final int EXT_ACK = 11;

  private static final int HEADER_BYTES = 16;
  private static final int TYPE_ERROR = 2;
  private static final int FLAG_CAPPED = 0x100;
  private static final int FLAG_ACK_ATTRIBUTES = 0x200;
  private static final int ATTRIBUTE_MESSAGE = 1;
  private static final int ATTRIBUTE_HEADER_BYTES = 4;
  private static final int TYPE_MASK = 0x3fff;
  private static final int ENODEV = 19;

  /** What the kernel takes as a name. */
  private static final Pattern DEVICE = Pattern.compile("[^\\s/:]{1,15}");

  /** More than any answer to a message of ours takes. */
  private static final int ANSWER_BYTES = 8192;

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
    int socket = open();
    try {
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
    } finally {
      int closed = close(socket);
      assert closed == 0;
    }
  }

  private static int open() {
    int socket = socket(AF_NETLINK, SOCK_RAW_CLOSE_ON_EXEC, NETLINK_ROUTE);
    // Words for its errors, and no copy of what it was asked; without either it works as well.
    for (int option : new int[] {CAP_ACK, EXT_ACK}) {
      int set = setsockopt(socket, SOL_NETLINK, option, new int[] {1}, Integer.BYTES);
      assert set == 0;
    }
    return socket;
  }

  /** Returns what the kernel has against a change; empty when it is made. */
  private static String tell(int socket, Change change, int sequence) {
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
    long sent = send(socket, bytes, bytes.length, 0);
    assert sent == bytes.length;
    byte[] answer = new byte[ANSWER_BYTES];
    while (true) {
      int length = (int) recv(socket, answer, answer.length, 0);
      ByteBuffer received = ByteBuffer.wrap(answer, 0, length).order(ByteOrder.nativeOrder());
      if (received.getShort(Integer.BYTES) == TYPE_ERROR
          && received.getInt(2 * Integer.BYTES) == sequence) {
        return refusal(received);
      }
    }
  }

  /** An acknowledgement is an error of number 0. */
  private static String refusal(ByteBuffer answer) {
    int error = -answer.getInt(HEADER_BYTES);
    if (error == 0) {
      return "";
    }
    String said = error == ENODEV ? "Cannot find device" : strerror(error);
    String detail = detail(answer);
    return detail.isEmpty() ? said : "%s: %s".formatted(said, detail);
  }

  /** What newer kernels say beside the number, behind a header of the request or all of it. */
  private static String detail(ByteBuffer answer) {
    int flags = answer.getShort(Integer.BYTES + Short.BYTES);
    if ((flags & FLAG_ACK_ATTRIBUTES) == 0) {
      return "";
    }
    int request = HEADER_BYTES + Integer.BYTES;
    int at = request + ((flags & FLAG_CAPPED) == 0 ? answer.getInt(request) : HEADER_BYTES);
    while (at + ATTRIBUTE_HEADER_BYTES <= answer.limit()) {
      int length = answer.getShort(at);
      if ((answer.getShort(at + Short.BYTES) & TYPE_MASK) == ATTRIBUTE_MESSAGE) {
        int textLength = length - ATTRIBUTE_HEADER_BYTES - 1;
        return new String(
            answer.array(), at + ATTRIBUTE_HEADER_BYTES, textLength, StandardCharsets.UTF_8);
      }
      at += Math.max(length + 3 & -4, ATTRIBUTE_HEADER_BYTES);
    }
    return "";
  }

  private static native int socket(int domain, int type, int protocol) throws LastErrorException;

  private static native int setsockopt(int socket, int level, int option, int[] value, int length);

  private static native long send(int socket, byte[] bytes, long length, int flags)
      throws LastErrorException;

  private static native long recv(int socket, byte[] into, long length, int flags)
      throws LastErrorException;

  private static native int close(int socket);

  /** 0 says that there is no such device. */
  private static native int if_nametoindex(String name);

  private static native String strerror(int error);
}
