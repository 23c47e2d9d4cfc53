package io.dualstack.impl.routing.registrar;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.cni.protocol.GoJson;
import io.dualstack.impl.http.JsonBody;
import io.dualstack.routing.RouteAudience;
import io.dualstack.routing.RouteHost;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A route of HTTP to a backend.
 *
 * @param name what it is called in the log
 * @param host where the backend is
 * @param protocol http1 or http2; empty where nothing is said
 * @param port for plain connections; 0 for none
 * @param tlsPort for TLS; 0 for none
 * @param tags null where nothing is said, which is told too
 * @param routeServiceUrl empty for none
 * @param serverCertDomainSan empty for none
 * @param loadBalancing empty for the router's own
 * @param interval between two looks
 * @param healthCheck null for a route that is always registered
 */
record ServedRoute(
    String name,
    List<String> uris,
    RouteHost host,
    String protocol,
    int port,
    int tlsPort,
    @Nullable Map<String, String> tags,
    String routeServiceUrl,
    String serverCertDomainSan,
    String loadBalancing,
    Duration interval,
    @Nullable HealthCheck healthCheck) {

  /** Copies the collections. */
  ServedRoute {
    uris = List.copyOf(uris);
    tags = tags == null ? null : new TreeMap<>(tags);
  }

  /** Returns what is told of it, byte for byte as the original registrar writes it. */
  byte[] message(String privateInstanceId, String availabilityZone) {
    ObjectNode node = JsonBody.object();
    ArrayNode names = node.putArray("uris");
    uris.forEach(names::add);
    node.put("host", RouteAudience.ROUTER.hostText(host));
    putUnlessEmpty(node, "protocol", protocol);
    putUnlessZero(node, "port", port);
    putUnlessZero(node, "tls_port", tlsPort);
    if (tags == null) {
      node.putNull("tags");
    } else {
      tags.forEach(node.putObject("tags")::put);
    }
    putUnlessEmpty(node, "route_service_url", routeServiceUrl);
    node.put("private_instance_id", privateInstanceId);
    putUnlessEmpty(node, "server_cert_domain_san", serverCertDomainSan);
    putUnlessEmpty(node, "availability_zone", availabilityZone);
    if (!loadBalancing.isEmpty()) {
      node.putObject("options").put("loadbalancing", loadBalancing);
    }
    return GoJson.text(node).getBytes(StandardCharsets.UTF_8);
  }

  private static void putUnlessEmpty(ObjectNode node, String key, String value) {
    if (!value.isEmpty()) {
      node.put(key, value);
    }
  }

  private static void putUnlessZero(ObjectNode node, String key, int value) {
    if (value != 0) {
      node.put(key, value);
    }
  }
}
