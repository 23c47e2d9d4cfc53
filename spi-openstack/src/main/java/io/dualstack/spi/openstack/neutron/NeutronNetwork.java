package io.dualstack.spi.openstack.neutron;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A network as Neutron has it.
 *
 * @param id its id
 * @param name its name
 * @param projectId whose it is
 * @param isShared whether other projects may use it
 * @param isExternal whether it is a provider's outer network
 * @param portSecurity whether new ports on it are guarded, which address pairs need
 */
public record NeutronNetwork(
    String id,
    String name,
    String projectId,
    boolean isShared,
    boolean isExternal,
    boolean portSecurity) {

  static NeutronNetwork of(JsonNode node) {
    return new NeutronNetwork(
        Json.text(node, "id"),
        Json.text(node, "name"),
        Json.text(node, "project_id"),
        node.path("shared").asBoolean(false),
        node.path("router:external").asBoolean(false),
        node.path("port_security_enabled").asBoolean(true));
  }
}
