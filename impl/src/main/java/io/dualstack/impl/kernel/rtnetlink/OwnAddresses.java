package io.dualstack.impl.kernel.rtnetlink;

import io.dualstack.KernelException;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.net.IpAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** The IPv6 addresses that a namespace has on its devices. */
public final class OwnAddresses {
  /** {@code ADDRESS INDEX LENGTH SCOPE FLAGS DEVICE}, all in hexadecimal but the last. */
  private static final Path TABLE = Path.of("/proc/thread-self/net/if_inet6");

  private static final int ADDRESS_DIGITS = 32;

  /** IFA_ADDRESS. */
  private static final int ADDRESS = 1;

  private static final String NONE = "Cannot assign requested address";

  private OwnAddresses() {}

  /**
   * Tells whether one of its devices has an address. Costs the same however many there are.
   *
   * @throws KernelException if the kernel can't tell
   */
  public static boolean has(Namespace namespace, IpAddress ipv6) {
    Message message =
        new Message(Message.GET_ADDRESS, 0)
            .address(Change.number(ipv6.family()), 0, 0, 0)
            .attribute(ADDRESS, ipv6.toBytes());
    try {
      return Question.ask(namespace, "address get " + ipv6, message).isPresent();
    } catch (KernelException e) {
      if (e.answer().contains(NONE)) {
        return false;
      }
      throw e;
    }
  }

  /** Lists them, each device's; none where there is no IPv6. */
  public static List<IpAddress> list(Namespace namespace) {
    return namespace.call(OwnAddresses::listHere);
  }

  private static List<IpAddress> listHere() throws IOException {
    try (Stream<String> lines = Files.lines(TABLE, StandardCharsets.ISO_8859_1)) {
      return lines
          .map(line -> HexFormat.of().parseHex(line, 0, ADDRESS_DIGITS))
          .map(IpAddress::ofBytes)
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }
}
