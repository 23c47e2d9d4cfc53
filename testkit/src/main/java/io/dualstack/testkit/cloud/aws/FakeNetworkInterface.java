package io.dualstack.testkit.cloud.aws;

import static java.util.Objects.requireNonNull;

import io.dualstack.net.IpPrefix;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A network interface of a {@link FakeEc2} at one moment.
 *
 * @param id its identifier
 * @param subnet the subnet's identifier
 * @param securityGroups the identifiers of its security groups
 * @param blocks its addresses and prefixes; the primary IPv4 address comes first
 * @param tags its tags
 * @param instance the instance that it is attached to; empty for none
 */
public record FakeNetworkInterface(
    String id,
    String subnet,
    List<String> securityGroups,
    List<IpPrefix> blocks,
    Map<String, String> tags,
    String instance) {

  /**
   * Copies the collections.
   *
   * @param id its identifier
   * @param subnet the subnet's identifier
   * @param securityGroups the identifiers of its security groups
   * @param blocks its addresses and prefixes
   * @param tags its tags
   * @param instance the instance that it is attached to; empty for none
   */
  public FakeNetworkInterface {
    requireNonNull(id, "id");
    requireNonNull(subnet, "subnet");
    requireNonNull(instance, "instance");
    securityGroups = List.copyOf(securityGroups);
    blocks = List.copyOf(blocks);
    tags = Collections.unmodifiableMap(new TreeMap<>(tags));
  }
}
