package io.dualstack.allocation;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpPrefix;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One block and who holds it. Natural order is address order.
 *
 * @param block the block
 * @param owner who holds it
 * @param incarnation which life of the owner; a late clean-up of an earlier life can't release it
 * @param network the network's name; with the owner it names one slot, which holds at most one
 *     active block
 * @param zone the availability zone; null when there is none
 * @param kind how it came to its owner
 * @param state where it is in its life
 * @param since when it was allocated; kept to the millisecond
 * @param until when its cool-down ends, kept to the millisecond; null unless quarantined
 */
public record AllocatedBlock(
    IpPrefix block,
    Owner owner,
    String incarnation,
    String network,
    @Nullable String zone,
    AllocationKind kind,
    BlockState state,
    Instant since,
    @Nullable Instant until)
    implements Comparable<AllocatedBlock> {

  private static final Comparator<AllocatedBlock> ADDRESS_ORDER =
      Comparator.comparing(AllocatedBlock::block).thenComparing(AllocatedBlock::owner);

  /**
   * Checks that {@code until} is there exactly in quarantine, and cuts times to milliseconds.
   *
   * @param block the block
   * @param owner who holds it
   * @param incarnation which life of the owner
   * @param network the network's name
   * @param zone the availability zone
   * @param kind how it came to its owner
   * @param state where it is in its life
   * @param since when it was allocated
   * @param until when its cool-down ends, kept to the millisecond
   */
  public AllocatedBlock {
    requireNonNull(block, "block");
    requireNonNull(owner, "owner");
    requireNonNull(incarnation, "incarnation");
    requireNonNull(network, "network");
    requireNonNull(kind, "kind");
    requireNonNull(state, "state");
    since = since.truncatedTo(ChronoUnit.MILLIS);
    if ((until != null) != (state == BlockState.QUARANTINED)) {
      throw new IllegalArgumentException(
          block + ": a time of release is given exactly when the block is quarantined");
    }
    if (until != null) {
      until = until.truncatedTo(ChronoUnit.MILLIS);
    }
  }

  /**
   * Returns an active block.
   *
   * @param block the block
   * @param owner who holds it
   * @param incarnation which life of the owner
   * @param network the network's name
   * @param zone the availability zone; null when there is none
   * @param kind how it came to its owner
   * @param since when it was allocated
   * @return the active block
   */
  public static AllocatedBlock active(
      IpPrefix block,
      Owner owner,
      String incarnation,
      String network,
      @Nullable String zone,
      AllocationKind kind,
      Instant since) {
    return new AllocatedBlock(
        block, owner, incarnation, network, zone, kind, BlockState.ACTIVE, since, null);
  }

  /**
   * Returns this block as given up by plan.
   *
   * @return the same block, obsolete
   */
  public AllocatedBlock obsolete() {
    return new AllocatedBlock(
        block, owner, incarnation, network, zone, kind, BlockState.OBSOLETE, since, null);
  }

  /**
   * Returns this block as resting.
   *
   * @param end when its cool-down ends
   * @return the same block, quarantined
   */
  public AllocatedBlock quarantined(Instant end) {
    return new AllocatedBlock(
        block, owner, incarnation, network, zone, kind, BlockState.QUARANTINED, since, end);
  }

  /**
   * Returns this block held by another life of its owner, or relabelled.
   *
   * @param newIncarnation the life that holds it now
   * @param newNetwork the network's name from now on
   * @param newZone the availability zone from now on; null when there is none
   * @param newKind how it is held from now on
   * @return the same block and owner with new labels, active
   */
  public AllocatedBlock relabelled(
      String newIncarnation, String newNetwork, @Nullable String newZone, AllocationKind newKind) {
    return new AllocatedBlock(
        block, owner, newIncarnation, newNetwork, newZone, newKind, BlockState.ACTIVE, since, null);
  }

  /**
   * Returns the availability zone.
   *
   * @return the zone; empty when there is none
   */
  public Optional<String> zoneName() {
    return Optional.ofNullable(zone);
  }

  @Override
  public int compareTo(AllocatedBlock other) {
    return ADDRESS_ORDER.compare(this, other);
  }
}
