package io.dualstack.spi.aws;

import io.dualstack.ProviderException;
import io.dualstack.provider.NicRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The cloud properties of a NIC's networks: {@code subnet}, which all of them must agree on, and
 * {@code security_groups}, which are put together.
 *
 * @param subnet the identifier of the EC2 subnet
 * @param securityGroups identifiers or names; at least one
 */
record NicProperties(String subnet, List<String> securityGroups) {
  static final String SUBNET = "subnet";
  static final String SECURITY_GROUPS = "security_groups";

  /**
   * Reads the properties of a request.
   *
   * @param otherwise security groups for a NIC whose networks name none
   * @throws ProviderException if one is missing, or networks don't agree
   */
  static NicProperties of(NicRequest request, List<String> otherwise) {
    @Nullable String subnet = null;
    String saidBy = "";
    Set<String> groups = new LinkedHashSet<>();
    Set<String> networks = new LinkedHashSet<>();
    request.blocks().forEach(block -> networks.add(block.network()));
    for (String network : networks) {
      Map<String, Object> properties = request.cloudProperties().getOrDefault(network, Map.of());
      String named = subnetOf(properties).orElseThrow(() -> withoutSubnet(network, properties));
      if (subnet != null && !subnet.equals(named)) {
        throw AwsFailures.refused(
            ("network %s: cloud_properties.subnet is %s, but %s of network %s on the same NIC;"
                    + " use one subnet for all networks of a NIC")
                .formatted(network, named, subnet, saidBy));
      }
      subnet = named;
      saidBy = network;
      groups.addAll(
          groupsOf(properties)
              .orElseThrow(
                  () ->
                      AwsFailures.refused(
                          "network "
                              + network
                              + ": cloud_properties.security_groups: "
                              + notGroups(properties))));
    }
    if (subnet == null) {
      throw AwsFailures.refused("the NIC has no network; give it one with cloud_properties.subnet");
    }
    List<String> all = groups.isEmpty() ? otherwise : List.copyOf(groups);
    if (all.isEmpty()) {
      throw AwsFailures.refused(
          ("network %s: cloud_properties.security_groups is missing; name the NIC's security groups"
                  + " there, or for all NICs by the setting \"security_groups\"")
              .formatted(saidBy));
    }
    return new NicProperties(subnet, all);
  }

  private static ProviderException withoutSubnet(String network, Map<String, Object> properties) {
    return AwsFailures.refused(
        "network %s: cloud_properties.subnet: %s".formatted(network, notSubnet(properties)));
  }

  /** Says what is wrong with a subnet that {@link #subnetOf} doesn't find. */
  static String notSubnet(Map<String, Object> properties) {
    Object value = properties.get(SUBNET);
    return (value == null ? "is missing" : value + " is no identifier")
        + "; name the EC2 subnet, such as subnet-0a1b2c3d";
  }

  /** Says what is wrong with groups that {@link #groupsOf} doesn't find. */
  static String notGroups(Map<String, Object> properties) {
    return properties.get(SECURITY_GROUPS)
        + " is no list of security groups; use identifiers or names";
  }

  /** Returns the subnet; empty if it is missing or no text. */
  static Optional<String> subnetOf(Map<String, Object> properties) {
    return properties.get(SUBNET) instanceof String subnet && !subnet.isBlank()
        ? Optional.of(subnet)
        : Optional.empty();
  }

  /** Returns the security groups, maybe none; empty if there is something else. */
  static Optional<List<String>> groupsOf(Map<String, Object> properties) {
    Object value = properties.get(SECURITY_GROUPS);
    if (value == null) {
      return Optional.of(List.of());
    }
    if (value instanceof String one && !one.isBlank()) {
      return Optional.of(List.of(one));
    }
    if (value instanceof List<?> several
        && several.stream().allMatch(one -> one instanceof String text && !text.isBlank())) {
      return Optional.of(several.stream().map(String.class::cast).toList());
    }
    return Optional.empty();
  }
}
