package io.dualstack.spi.openstack.neutron;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.net.IpPrefix;
import java.util.List;
import java.util.Optional;

/**
 * A subnet pool.
 *
 * @param id its id
 * @param name its name
 * @param prefixes its ranges, of one family
 * @param shortest the shortest prefix length it gives out
 * @param longest the longest prefix length it gives out
 */
public record SubnetPool(
    String id, String name, List<IpPrefix> prefixes, int shortest, int longest) {

  static SubnetPool of(JsonNode node) {
    List<IpPrefix> prefixes =
        Json.texts(node.path("prefixes")).stream()
            .map(Json::block)
            .flatMap(Optional::stream)
            .toList();
    return new SubnetPool(
        Json.text(node, "id"),
        Json.text(node, "name"),
        prefixes,
        Json.number(node, "min_prefixlen").orElse(0),
        Json.number(node, "max_prefixlen").orElse(128));
  }
}
