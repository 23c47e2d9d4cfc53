package io.dualstack.spi.gcp;

import com.google.api.client.json.GenericJson;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.compute.model.Address;
import io.dualstack.allocation.Owner;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.support.NicIdentity;
import io.dualstack.spi.gcp.Reservations.Wish;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One address resource that carries an identity: it holds a block for a NIC, whether there is an
 * instance or not. Its name starts with hashes of the foundation and of the NIC, so that it can be
 * listed; its description is the identity in full, as JSON. Both are there from the call that makes
 * it, which labels can't be.
 *
 * @param name the resource's name
 * @param identity whose
 * @param incarnation which life of the machine
 * @param block what it holds for the NIC; of an IPv4 prefix the resource itself is the first
 *     address only
 * @param subnetwork the URL of the subnetwork; empty if the service doesn't tell
 * @param users the URLs of the resources that use it
 * @param isReserving whether it is still being made
 * @param isAdopted whether it was made for an instance that had the address already
 * @param created when it was made; null if the service doesn't tell
 */
record Reservation(
    String name,
    NicIdentity identity,
    String incarnation,
    IpPrefix block,
    String subnetwork,
    List<String> users,
    boolean isReserving,
    boolean isAdopted,
    @Nullable Instant created) {
  private static final int FOUNDATION_DIGITS = 8;
  private static final int NIC_DIGITS = 24;
  private static final int BLOCK_DIGITS = 16;

  /** The length of the one range that a NIC has in IPv6. */
  static final int IPV6_LENGTH = 96;

  /** How the names of all reservations of a foundation start. */
  static String foundationPrefix(String foundation) {
    return "ds-" + hash(foundation, FOUNDATION_DIGITS) + "-";
  }

  /** How the names of all reservations of a NIC start, but for a hyphen. */
  static String nicId(String foundation, NicIdentity identity) {
    return foundationPrefix(foundation) + hash(identity.text(), NIC_DIGITS);
  }

  /** The name of the reservation of a chosen block. */
  static String name(String nicId, IpPrefix block) {
    return nicId + "-" + hash(block.toString(), BLOCK_DIGITS);
  }

  /** The description that {@link #of} reads. */
  static String description(String foundation, Wish wish) {
    NicIdentity identity = wish.identity();
    IpPrefix block = wish.block();
    GenericJson json = new GenericJson();
    json.setFactory(GsonFactory.getDefaultInstance());
    json.set("dualstack", foundation);
    json.set("owner", identity.owner().id());
    json.set("nic", identity.nic());
    json.set("life", wish.incarnation());
    if (wish.isAdoption()) {
      json.set("adopted", true);
    }
    if (block != null) {
      json.set("block", block.toString());
    }
    return json.toString();
  }

  /**
   * Reads an address resource; empty if it carries no identity of a foundation, or has no address
   * yet.
   */
  static Optional<Reservation> of(Address address, String foundation) {
    String description = address.getDescription();
    if (description == null || !description.startsWith("{") || address.getAddress() == null) {
      return Optional.empty();
    }
    try {
      GenericJson json =
          GsonFactory.getDefaultInstance().fromString(description, GenericJson.class);
      if (!foundation.equals(json.get("dualstack"))
          || !(json.get("owner") instanceof String owner)
          || !(json.get("nic") instanceof String nic)
          || !(json.get("life") instanceof String life)) {
        return Optional.empty();
      }
      return Optional.of(
          new Reservation(
              address.getName(),
              new NicIdentity(new Owner(owner), nic),
              life,
              json.get("block") instanceof String block ? IpPrefix.parse(block) : block(address),
              address.getSubnetwork() == null ? "" : address.getSubnetwork(),
              address.getUsers() == null ? List.of() : List.copyOf(address.getUsers()),
              "RESERVING".equals(address.getStatus()),
              Boolean.TRUE.equals(json.get("adopted")),
              time(address.getCreationTimestamp()).orElse(null)));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Returns the addresses of an address resource. */
  static IpPrefix block(Address address) {
    IpAddress first = IpAddress.parse(address.getAddress().replaceFirst("/.*", ""));
    Integer length = address.getPrefixLength();
    int bits = first.family() == IpFamily.IPV6 ? IPV6_LENGTH : first.family().bits();
    return IpPrefix.containing(first, length == null || length == 0 ? bits : length);
  }

  /** Reads a point in time; empty if the service doesn't tell. */
  static Optional<Instant> time(@Nullable String text) {
    try {
      return Optional.ofNullable(text).map(OffsetDateTime::parse).map(OffsetDateTime::toInstant);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Returns the part of a URL after the last slash. */
  static String lastSegment(String url) {
    return url.substring(url.lastIndexOf('/') + 1);
  }

  /** Returns the instance that uses it; empty if none does. */
  Optional<InstanceReference> instance() {
    return users.stream().flatMap(user -> InstanceReference.parse(user).stream()).findFirst();
  }

  private static String hash(String text, int digits) {
    try {
      byte[] bytes =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(bytes).substring(0, digits);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
