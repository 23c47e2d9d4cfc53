package io.dualstack.impl.routing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.json.JsonValues;
import io.dualstack.net.PortRange;
import io.dualstack.routing.RouteAudience;
import io.dualstack.routing.RouteHost;
import io.dualstack.routing.RouteMessage;
import java.util.List;
import java.util.Set;

/**
 * Registrations as the route emitter writes them: host, port and URIs always, the rest unless it is
 * empty.
 */
final class MessageFormat {
  private static final String HOST = "host";
  private static final String PORT = "port";
  private static final String TLS_PORT = "tls_port";
  private static final String URIS = "uris";
  private static final String PROTOCOL = "protocol";
  private static final String APP = "app";
  private static final String ROUTE_SERVICE_URL = "route_service_url";
  private static final String INSTANCE_ID = "private_instance_id";
  private static final String INSTANCE_INDEX = "private_instance_index";
  private static final String SAN = "server_cert_domain_san";
  private static final String ISOLATION_SEGMENT = "isolation_segment";
  private static final String STALE_THRESHOLD = "stale_threshold_in_seconds";
  private static final String UPDATED_AT = "endpoint_updated_at_ns";
  private static final String TAGS = "tags";
  private static final String ZONE = "availability_zone";
  private static final String OPTIONS = "options";

  private static final Set<String> KEYS =
      Set.of(
          HOST,
          PORT,
          TLS_PORT,
          URIS,
          PROTOCOL,
          APP,
          ROUTE_SERVICE_URL,
          INSTANCE_ID,
          INSTANCE_INDEX,
          SAN,
          ISOLATION_SEGMENT,
          STALE_THRESHOLD,
          UPDATED_AT,
          TAGS,
          ZONE,
          OPTIONS);

  private MessageFormat() {}

  static byte[] write(RouteMessage message, RouteAudience audience) {
    ObjectNode node = JsonValues.NODES.objectNode();
    node.put(HOST, audience.hostText(message.host())).put(PORT, message.port());
    putUnlessZero(node, TLS_PORT, message.tlsPort());
    addAll(node.putArray(URIS), message.uris());
    putUnlessEmpty(node, PROTOCOL, message.protocol());
    putUnlessEmpty(node, APP, message.app());
    putUnlessEmpty(node, ROUTE_SERVICE_URL, message.routeServiceUrl());
    putUnlessEmpty(node, INSTANCE_ID, message.privateInstanceId());
    putUnlessEmpty(node, INSTANCE_INDEX, message.privateInstanceIndex());
    putUnlessEmpty(node, SAN, message.serverCertDomainSan());
    putUnlessEmpty(node, ISOLATION_SEGMENT, message.isolationSegment());
    putUnlessZero(node, STALE_THRESHOLD, message.staleThresholdSeconds());
    putUnlessZero(node, UPDATED_AT, message.endpointUpdatedAtNanos());
    if (!message.tags().isEmpty()) {
      node.set(TAGS, JsonValues.toNode(TAGS, message.tags()));
    }
    putUnlessEmpty(node, ZONE, message.availabilityZone());
    if (!message.options().isEmpty()) {
      node.set(OPTIONS, JsonValues.toNode(OPTIONS, message.options()));
    }
    JsonValues.addOthers("message", message.others(), KEYS, node);
    return Members.bytes(node);
  }

  static RouteMessage read(byte[] json) {
    Members members = Members.of("", Members.read(json));
    return RouteMessage.to(host(members), members.texts(URIS))
        .port(members.number(PORT, 0, PortRange.MAX))
        .tlsPort(members.number(TLS_PORT, 0, PortRange.MAX))
        .protocol(members.text(PROTOCOL))
        .app(members.text(APP))
        .routeServiceUrl(members.text(ROUTE_SERVICE_URL))
        .instance(members.text(INSTANCE_ID), members.text(INSTANCE_INDEX))
        .serverCertDomainSan(members.text(SAN))
        .isolationSegment(members.text(ISOLATION_SEGMENT))
        .staleThresholdSeconds(
            members.number(STALE_THRESHOLD, Integer.MIN_VALUE, Integer.MAX_VALUE))
        .endpointUpdatedAtNanos(members.longNumber(UPDATED_AT, Long.MIN_VALUE, Long.MAX_VALUE))
        .tags(members.textMap(TAGS))
        .availabilityZone(members.text(ZONE))
        .options(JsonValues.of(members.object(OPTIONS)))
        .others(members.others())
        .build();
  }

  private static RouteHost host(Members members) {
    String text = members.text(HOST);
    try {
      return RouteHost.parse(text);
    } catch (IllegalArgumentException e) {
      throw members.refused(
          HOST,
          "Host",
          text.isEmpty()
              ? "is missing; give the backend's address or name"
              : String.valueOf(e.getMessage()));
    }
  }

  static void putUnlessEmpty(ObjectNode node, String key, String value) {
    if (!value.isEmpty()) {
      node.put(key, value);
    }
  }

  private static void putUnlessZero(ObjectNode node, String key, long value) {
    if (value != 0) {
      node.put(key, value);
    }
  }

  static void addAll(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
