package io.dualstack.allocation;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One subnet of a manual network: the range from which blocks of one length are handed out, and
 * what in it is not handed out.
 *
 * <p>Restricted are always the first and the last address, the gateway, and what is reserved. A
 * block is only handed out if no part of it is restricted, and dynamically only if no part of it is
 * set aside for static use. So a /64 cut into /80s yields at most 65,534 of them.
 *
 * @param range the whole range; at least two addresses
 * @param prefixLength the length of the blocks handed out: 32 or 128 for single addresses, shorter
 *     for delegated prefixes, never shorter than the range
 * @param gateway the router's address inside the range; null when there is none
 * @param dns name servers in order of preference, of either family
 * @param reserved addresses never handed out; only those inside the range count
 * @param statics addresses handed out only when asked for by name; inside the range
 * @param zones the availability zones served; empty for all
 * @param chooser who picks dynamic blocks
 * @param cloudProperties what the provider must know, passed on as it is: JSON-like values
 */
public record Subnet(
    IpPrefix range,
    int prefixLength,
    @Nullable IpAddress gateway,
    List<IpAddress> dns,
    IpSet reserved,
    IpSet statics,
    List<String> zones,
    PrefixChooser chooser,
    Map<String, Object> cloudProperties) {

  /**
   * Checks that the parts fit together.
   *
   * @param range the whole range
   * @param prefixLength the length of the blocks handed out: 32 or 128 for single addresses,
   *     shorter for delegated prefixes, never shorter than the range
   * @param gateway the router's address inside the range
   * @param dns name servers in order of preference, of either family
   * @param reserved addresses never handed out
   * @param statics addresses handed out only when asked for by name
   * @param zones the availability zones served
   * @param chooser who picks dynamic blocks
   * @param cloudProperties what the provider must know, passed on as it is: JSON-like values
   */
  public Subnet {
    requireNonNull(chooser, "chooser");
    requireNonNull(reserved, "reserved");
    dns = List.copyOf(dns);
    zones = List.copyOf(zones);
    cloudProperties = Collections.unmodifiableMap(new LinkedHashMap<>(cloudProperties));
    if (range.isSingle()) {
      throw new IllegalArgumentException("range: " + range + " has one address; give at least two");
    }
    if (prefixLength < range.length() || prefixLength > range.family().bits()) {
      throw new IllegalArgumentException(
          "prefix: /%d does not fit range %s; use /%d to /%d"
              .formatted(prefixLength, range, range.length(), range.family().bits()));
    }
    if (gateway != null) {
      if (!range.contains(gateway)) {
        throw new IllegalArgumentException(
            "gateway: " + gateway + " is outside range " + range + "; use an address inside it");
      }
      if (gateway.equals(range.first()) || gateway.equals(range.last())) {
        throw new IllegalArgumentException(
            "gateway: %s is the %s address of range %s; use one between"
                .formatted(gateway, gateway.equals(range.first()) ? "first" : "last", range));
      }
    }
    IpSet outside = statics.subtract(IpSet.of(range.toRange()));
    if (!outside.isEmpty()) {
      throw new IllegalArgumentException(
          "static: " + outside + " is outside range " + range + "; use addresses inside it");
    }
  }

  /**
   * Starts a subnet of single addresses.
   *
   * @param range the whole range
   * @return a builder
   */
  public static Builder of(IpPrefix range) {
    return new Builder(range);
  }

  /**
   * Returns the family of the range.
   *
   * @return the family
   */
  public IpFamily family() {
    return range.family();
  }

  /**
   * Returns the router's address.
   *
   * @return the gateway; empty when there is none
   */
  public Optional<IpAddress> gatewayAddress() {
    return Optional.ofNullable(gateway);
  }

  /**
   * Returns whether blocks are delegated prefixes and not single addresses.
   *
   * @return true if the block length is shorter than the family's bits
   */
  public boolean delegatesPrefixes() {
    return prefixLength < family().bits();
  }

  /**
   * Returns what is never handed out inside the range: first and last address, gateway, reserved.
   *
   * @return the restricted addresses
   */
  public IpSet restricted() {
    List<IpRange> always = new ArrayList<>();
    always.add(IpRange.single(range.first()));
    always.add(IpRange.single(range.last()));
    if (gateway != null) {
      always.add(IpRange.single(gateway));
    }
    return IpSet.of(always).union(reserved.intersect(IpSet.of(range.toRange())));
  }

  /**
   * Returns whether the subnet serves a zone.
   *
   * @param zone the zone; null for an owner without one, whom every subnet serves
   * @return true if it does
   */
  public boolean serves(@Nullable String zone) {
    return zone == null || zones.isEmpty() || zones.contains(zone);
  }

  /**
   * Returns how many blocks the range has, restricted ones included.
   *
   * @return two to the power of the difference of the lengths
   */
  public BigInteger blocks() {
    return range.count(prefixLength);
  }

  /** Collects the parts of a subnet. Not thread-safe. */
  public static final class Builder {
    private final IpPrefix range;
    private int prefixLength;
    private @Nullable IpAddress gateway;
    private List<IpAddress> dns = List.of();
    private IpSet reserved = IpSet.empty();
    private IpSet statics = IpSet.empty();
    private List<String> zones = List.of();
    private PrefixChooser chooser = PrefixChooser.DIRECTOR;
    private Map<String, Object> cloudProperties = Map.of();

    Builder(IpPrefix range) {
      this.range = range;
      this.prefixLength = range.family().bits();
    }

    /**
     * Hands out blocks of this length instead of single addresses.
     *
     * @param length the prefix length
     * @return this
     */
    public Builder prefixLength(int length) {
      this.prefixLength = length;
      return this;
    }

    /**
     * Names the router.
     *
     * @param address an address inside the range; null for none
     * @return this
     */
    public Builder gateway(@Nullable IpAddress address) {
      this.gateway = address;
      return this;
    }

    /**
     * Names the name servers.
     *
     * @param servers in order of preference
     * @return this
     */
    public Builder dns(List<IpAddress> servers) {
      this.dns = servers;
      return this;
    }

    /**
     * Keeps addresses from being handed out.
     *
     * @param addresses the addresses
     * @return this
     */
    public Builder reserved(IpSet addresses) {
      this.reserved = addresses;
      return this;
    }

    /**
     * Sets addresses aside for static use.
     *
     * @param addresses the addresses
     * @return this
     */
    public Builder statics(IpSet addresses) {
      this.statics = addresses;
      return this;
    }

    /**
     * Serves only these availability zones.
     *
     * @param names the zones; empty for all
     * @return this
     */
    public Builder zones(List<String> names) {
      this.zones = names;
      return this;
    }

    /**
     * Says who picks dynamic blocks.
     *
     * @param who director or provider
     * @return this
     */
    public Builder chooser(PrefixChooser who) {
      this.chooser = who;
      return this;
    }

    /**
     * Passes properties on to the provider.
     *
     * @param properties JSON-like values
     * @return this
     */
    public Builder cloudProperties(Map<String, Object> properties) {
      this.cloudProperties = properties;
      return this;
    }

    /**
     * Builds the subnet.
     *
     * @return the subnet
     * @throws IllegalArgumentException if the parts don't fit together
     */
    public Subnet build() {
      return new Subnet(
          range, prefixLength, gateway, dns, reserved, statics, zones, chooser, cloudProperties);
    }
  }
}
