package io.dualstack.spi.openstack;

import io.dualstack.net.IpAddress;
import io.dualstack.provider.ProviderJournal;
import io.dualstack.provider.support.NicIdentity;
import io.dualstack.spi.openstack.neutron.Port;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a port says whose NIC it is, from the call that makes it. Its name is a hash of the
 * foundation and the identity, by which it is found; its description is the identity itself, which
 * is read back and compared with the name. A text that is longer than a description may be is kept
 * in the provider's journal, by its hash. Thread-safe.
 */
final class Marks {
  private static final String START = "dualstack:1";
  private static final String NONE = "-";
  private static final int MOST = 255;
  private static final int HASH = 32;
  private static final String TEXTS = "text/";

  /**
   * What a port says.
   *
   * @param identity whose NIC it is
   * @param incarnation which life of the machine
   * @param routerId the router that has its routes; null for none
   * @param former addresses it had until a change that isn't finished: what lay behind them and
   *     isn't the port's any more is still to be removed; null if all is finished
   */
  record Mark(
      NicIdentity identity,
      String incarnation,
      @Nullable String routerId,
      @Nullable List<IpAddress> former) {

    /** The same while a change of these addresses isn't finished. */
    Mark unfinished(List<IpAddress> addresses) {
      return new Mark(identity, incarnation, routerId, List.copyOf(addresses));
    }

    /** The same when all is finished. */
    Mark finished() {
      return new Mark(identity, incarnation, routerId, null);
    }
  }

  private final String foundation;
  private final ProviderJournal journal;

  Marks(String foundation, ProviderJournal journal) {
    this.foundation = foundation;
    this.journal = journal;
  }

  /** The name of the port, and of all else that is made for the NIC. */
  String name(NicIdentity identity) {
    return name("nic", identity.text());
  }

  /** The name of the network that holds what is taken from a subnet pool. */
  String poolNetworkName(String poolId) {
    return name("pool", poolId);
  }

  private String name(String kind, String text) {
    return "dualstack-" + hash(kind + "\n" + foundation + "\n" + text).substring(0, HASH);
  }

  /** The description of the port. Remembers first what doesn't fit. */
  String description(Mark mark) {
    String text = encoded(mark.incarnation()) + " " + encoded(mark.identity().text());
    String more = more(mark);
    String description = START + " " + foundation + " " + text + more;
    if (description.length() <= MOST) {
      return description;
    }
    String hash = hash(text);
    journal.update(Map.of(TEXTS + hash, text), Set.of());
    return START + " " + foundation + " # " + hash + more;
  }

  private static String more(Mark mark) {
    List<IpAddress> former = mark.former();
    String router = mark.routerId() == null ? NONE : mark.routerId();
    if (former != null) {
      String addresses = former.stream().map(IpAddress::toString).collect(Collectors.joining(","));
      return " " + router + " " + (addresses.isEmpty() ? NONE : addresses);
    }
    return mark.routerId() == null ? "" : " " + router;
  }

  /** What a port says; empty if it isn't of this foundation. */
  Optional<Mark> read(Port port) {
    List<String> words = List.of(port.description().split(" ", -1));
    if (words.size() < 4
        || words.size() > 6
        || !words.get(0).equals(START)
        || !words.get(1).equals(foundation)) {
      return Optional.empty();
    }
    List<String> text = words.subList(2, 4);
    if (text.get(0).equals("#")) {
      Optional<String> kept = journal.read(TEXTS + text.get(1));
      if (kept.isEmpty()) {
        return Optional.empty();
      }
      text = List.of(kept.get().split(" ", -1));
    }
    try {
      NicIdentity identity = NicIdentity.parse(decoded(text.get(1)));
      return port.name().equals(name(identity))
          ? Optional.of(
              new Mark(
                  identity,
                  decoded(text.get(0)),
                  words.size() > 4 && !words.get(4).equals(NONE) ? words.get(4) : null,
                  words.size() > 5 ? former(words.get(5)) : null))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      // Somebody else's words.
      return Optional.empty();
    }
  }

  private static List<IpAddress> former(String text) {
    return text.equals(NONE)
        ? List.of()
        : Stream.of(text.split(",", -1)).map(IpAddress::parse).toList();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
