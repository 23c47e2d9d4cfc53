package io.dualstack.allocation;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything one owner wants, all or nothing: say a machine's IPv4 address, IPv6 address and IPv6
 * prefix.
 *
 * @param owner who wants it
 * @param incarnation which life of the owner; blocks held by an earlier life pass to this one
 * @param zone the availability zone, which subnets must serve; null when any does
 * @param blocks what is wanted; at least one, at most one per network
 */
public record AllocationRequest(
    Owner owner, String incarnation, @Nullable String zone, List<BlockRequest> blocks) {

  /**
   * Checks that there is at least one block and no network twice.
   *
   * @param owner who wants it
   * @param incarnation which life of the owner
   * @param zone the availability zone, which subnets must serve
   * @param blocks what is wanted
   */
  public AllocationRequest {
    requireNonNull(owner, "owner");
    requireNonNull(incarnation, "incarnation");
    blocks = List.copyOf(blocks);
    if (blocks.isEmpty()) {
      throw new IllegalArgumentException(owner + ": asks for nothing; name at least one network");
    }
    for (int i = 0; i < blocks.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (blocks.get(i).network().equals(blocks.get(j).network())) {
          throw new IllegalArgumentException(
              owner + ": asks network " + blocks.get(i).network() + " twice; name it once");
        }
      }
    }
  }

  /**
   * Starts a request.
   *
   * @param ownerId who wants it, see {@link Owner}
   * @return a builder
   */
  public static Builder forOwner(String ownerId) {
    return new Builder(new Owner(ownerId));
  }

  /**
   * Returns the availability zone.
   *
   * @return the zone; empty when any will do
   */
  public Optional<String> zoneName() {
    return Optional.ofNullable(zone);
  }

  /** Collects the parts of a request. Not thread-safe. */
  public static final class Builder {
    private final Owner owner;
    private final List<BlockRequest> blocks = new ArrayList<>();
    private String incarnation = "";
    private @Nullable String zone;

    Builder(Owner owner) {
      this.owner = owner;
    }

    /**
     * Names the life of the owner.
     *
     * @param id any text that differs from the owner's other lives
     * @return this
     */
    public Builder incarnation(String id) {
      this.incarnation = id;
      return this;
    }

    /**
     * Asks only subnets that serve this zone.
     *
     * @param name the availability zone; null for any
     * @return this
     */
    public Builder zone(@Nullable String name) {
      this.zone = name;
      return this;
    }

    /**
     * Wants the lowest free block of a network.
     *
     * @param network the network's name
     * @return this
     */
    public Builder from(String network) {
      blocks.add(BlockRequest.dynamic(network));
      return this;
    }

    /**
     * Wants the lowest free block of a length other than the network's own.
     *
     * @param network the network's name
     * @param prefixLength the length
     * @return this
     */
    public Builder from(String network, int prefixLength) {
      blocks.add(BlockRequest.ofLength(network, prefixLength));
      return this;
    }

    /**
     * Wants a certain block of a network.
     *
     * @param network the network's name
     * @param wanted the block, of the network's length
     * @return this
     */
    public Builder exactly(String network, IpPrefix wanted) {
      blocks.add(BlockRequest.statically(network, wanted));
      return this;
    }

    /**
     * Builds the request.
     *
     * @return the request
     * @throws IllegalArgumentException if nothing, or a network twice, is asked for
     */
    public AllocationRequest build() {
      return new AllocationRequest(owner, incarnation, zone, blocks);
    }
  }
}
