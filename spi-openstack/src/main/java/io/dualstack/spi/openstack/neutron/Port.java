package io.dualstack.spi.openstack.neutron;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A port, which is what a NIC is to Neutron.
 *
 * @param id its id
 * @param name its name
 * @param description its description
 * @param networkId the network it is on
 * @param mac its hardware address; null if it has none yet
 * @param status {@code ACTIVE}, {@code DOWN}, {@code BUILD} or {@code ERROR}
 * @param deviceId the server or router that uses it; empty for none
 * @param deviceOwner what kind of thing uses it; empty for none
 * @param fixedIps its addresses
 * @param pairs blocks that it may use besides
 * @param revision its revision; null if the service counts none
 */
public record Port(
    String id,
    String name,
    String description,
    String networkId,
    @Nullable MacAddress mac,
    String status,
    String deviceId,
    String deviceOwner,
    List<FixedIp> fixedIps,
    List<Pair> pairs,
    @Nullable Long revision) {
  private static final int SLAAC_LENGTH = 64;

  /** The fields that are read, to be asked for. */
  static final List<String> FIELDS =
      List.of(
          "id",
          "name",
          "description",
          "network_id",
          "mac_address",
          "status",
          "device_id",
          "device_owner",
          "fixed_ips",
          "allowed_address_pairs",
          "revision_number");

  /**
   * An address of a port.
   *
   * @param subnetId the subnet it is of
   * @param address the address
   */
  public record FixedIp(String subnetId, IpAddress address) {}

  /**
   * An address pair.
   *
   * @param block the block
   * @param mac the hardware address it is used with, as text; empty for the port's own
   */
  public record Pair(IpPrefix block, String mac) {}

  /**
   * Copies the lists.
   *
   * @param id its id
   * @param name its name
   * @param description its description
   * @param networkId the network it is on
   * @param mac its hardware address
   * @param status its status
   * @param deviceId what uses it
   * @param deviceOwner what kind of thing uses it
   * @param fixedIps its addresses
   * @param pairs blocks that it may use besides
   * @param revision its revision
   */
  public Port {
    fixedIps = List.copyOf(fixedIps);
    pairs = List.copyOf(pairs);
  }

  static Port of(JsonNode node) {
    List<FixedIp> fixedIps = new ArrayList<>();
    node.path("fixed_ips")
        .forEach(
            fixed ->
                IpAddress.tryParse(Json.text(fixed, "ip_address"))
                    .ifPresent(
                        address ->
                            fixedIps.add(new FixedIp(Json.text(fixed, "subnet_id"), address))));
    List<Pair> pairs = new ArrayList<>();
    String own = Json.text(node, "mac_address");
    node.path("allowed_address_pairs")
        .forEach(
            pair -> {
              String mac = Json.text(pair, "mac_address");
              Json.block(Json.text(pair, "ip_address"))
                  .ifPresent(block -> pairs.add(new Pair(block, mac.equals(own) ? "" : mac)));
            });
    return new Port(
        Json.text(node, "id"),
        Json.text(node, "name"),
        Json.text(node, "description"),
        Json.text(node, "network_id"),
        MacAddress.tryParse(own).orElse(null),
        Json.text(node, "status"),
        Json.text(node, "device_id"),
        Json.text(node, "device_owner"),
        fixedIps,
        pairs,
        Json.revision(node));
  }

  /**
   * Returns whether an address is one that Neutron adds by itself, made of the hardware address:
   * every port on a network with such a subnet has one, asked for or not.
   *
   * @param fixed an address of this port
   * @return true if nobody asked for it
   */
  public boolean isAutomatic(FixedIp fixed) {
    return mac != null
        && fixed.address().family() == IpFamily.IPV6
        && mac.toEui64(IpPrefix.containing(fixed.address(), SLAAC_LENGTH)).equals(fixed.address());
  }

  /**
   * Returns its addresses and pairs, without those that Neutron adds by itself.
   *
   * @return the blocks
   */
  public List<IpPrefix> blocks() {
    List<IpPrefix> blocks = new ArrayList<>();
    fixedIps.stream()
        .filter(fixed -> !isAutomatic(fixed))
        .forEach(fixed -> blocks.add(fixed.address().toPrefix()));
    pairs.forEach(pair -> blocks.add(pair.block()));
    return blocks;
  }

  /**
   * Returns the first of its addresses or pairs that a block overlaps.
   *
   * @param block the block
   * @return whether there is one
   */
  public boolean overlaps(IpPrefix block) {
    return fixedIps.stream().anyMatch(fixed -> block.contains(fixed.address()))
        || pairs.stream().anyMatch(pair -> pair.block().overlaps(block));
  }

  /**
   * Returns whether nothing uses it.
   *
   * @return true if it belongs to no server, router or service
   */
  public boolean isUnused() {
    return deviceId.isEmpty() && deviceOwner.isEmpty();
  }
}
