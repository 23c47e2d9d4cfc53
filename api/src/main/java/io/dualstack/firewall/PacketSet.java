package io.dualstack.firewall;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A set of packets of both families, held as matches that share no packet.
 *
 * <p>One set may be held in many forms, so there is no {@code equals}: ask {@link #isSameAs}. With
 * n and m matches an operation costs O(n m) and may yield as many; to compare large rule sets, use
 * what compares rule sets.
 */
public final class PacketSet {
  /** The set without a packet. */
  public static final PacketSet EMPTY = new PacketSet(List.of());

  private final List<Match> matches;

  private PacketSet(List<Match> matches) {
    this.matches = matches;
  }

  /**
   * {@return the packets that meet any of the matches}
   *
   * @param matches matches in any order, overlapping or not
   */
  public static PacketSet of(Match... matches) {
    return of(Arrays.asList(matches));
  }

  /**
   * {@return the packets that meet any of the matches}
   *
   * @param matches matches in any order, overlapping or not
   */
  public static PacketSet of(Collection<Match> matches) {
    PacketSet set = EMPTY;
    for (Match match : matches) {
      set = set.union(new PacketSet(List.of(match)));
    }
    return set;
  }

  /**
   * {@return the packets in either set}
   *
   * @param other the other set
   */
  public PacketSet union(PacketSet other) {
    List<Match> both = new ArrayList<>(matches);
    both.addAll(other.subtract(this).matches);
    return new PacketSet(List.copyOf(both));
  }

  /**
   * {@return the packets in both sets}
   *
   * @param other the other set
   */
  public PacketSet intersect(PacketSet other) {
    return new PacketSet(
        matches.stream()
            .flatMap(ours -> other.matches.stream().flatMap(each -> ours.intersect(each).stream()))
            .toList());
  }

  /**
   * {@return the packets in this set and not in the other}
   *
   * @param other the other set
   */
  public PacketSet subtract(PacketSet other) {
    List<Match> rest = matches;
    for (Match taken : other.matches) {
      rest = rest.stream().flatMap(match -> match.subtract(taken).stream()).toList();
    }
    return new PacketSet(rest);
  }

  /**
   * {@return whether the packet is in the set}
   *
   * @param packet the packet to look for
   */
  public boolean contains(Packet packet) {
    return matches.stream().anyMatch(match -> match.contains(packet));
  }

  /**
   * {@return whether both sets hold the same packets}
   *
   * @param other the other set
   */
  public boolean isSameAs(PacketSet other) {
    return subtract(other).isEmpty() && other.subtract(this).isEmpty();
  }

  /** {@return whether there is no packet in the set} */
  public boolean isEmpty() {
    return matches.isEmpty();
  }

  /** {@return a packet of the set; empty when there is none} */
  public Optional<Packet> witness() {
    return matches.stream().findFirst().map(Match::witness);
  }

  /** {@return matches that share no packet and hold the set together; unmodifiable} */
  public List<Match> matches() {
    return matches;
  }

  @Override
  public String toString() {
    return matches.toString();
  }
}
