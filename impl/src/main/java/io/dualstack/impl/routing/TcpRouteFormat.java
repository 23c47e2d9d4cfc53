package io.dualstack.impl.routing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.RouteRefusedException;
import io.dualstack.impl.json.JsonValues;
import io.dualstack.net.PortRange;
import io.dualstack.routing.ModificationTag;
import io.dualstack.routing.TcpRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Routes of TCP as the routing API has them. */
final class TcpRouteFormat {
  private static final String GROUP = "router_group_guid";
  private static final String PORT = "port";
  private static final String BACKEND_IP = "backend_ip";
  private static final String BACKEND_PORT = "backend_port";
  private static final String BACKEND_TLS_PORT = "backend_tls_port";
  private static final String SNI = "backend_sni_hostname";
  private static final String SNI_REWRITE = "sni_rewrite_hostname";
  private static final String INSTANCE = "instance_id";
  private static final String TAG = "modification_tag";
  private static final String TAG_GUID = "guid";
  private static final String TAG_INDEX = "index";
  private static final String TTL = "ttl";
  private static final String ISOLATION_SEGMENT = "isolation_segment";
  private static final String TERMINATE = "terminate_frontend_tls";
  private static final String ALPNS = "alpns";
  private static final String MTLS = "enable_backend_mtls";

  private static final Set<String> KEYS =
      Set.of(
          GROUP,
          PORT,
          BACKEND_IP,
          BACKEND_PORT,
          BACKEND_TLS_PORT,
          SNI,
          SNI_REWRITE,
          INSTANCE,
          TAG,
          TTL,
          ISOLATION_SEGMENT,
          TERMINATE,
          ALPNS,
          MTLS);

  private TcpRouteFormat() {}

  static byte[] write(List<TcpRoute> routes) {
    ArrayNode array = JsonValues.NODES.arrayNode();
    routes.forEach(route -> array.add(node(route)));
    return Members.bytes(array);
  }

  private static ObjectNode node(TcpRoute route) {
    ObjectNode node =
        JsonValues.NODES
            .objectNode()
            .put(GROUP, route.routerGroupGuid())
            .put(BACKEND_PORT, route.backendPort())
            .put(BACKEND_TLS_PORT, route.backendTlsPort())
            .put(BACKEND_IP, route.backendIp());
    MessageFormat.putUnlessEmpty(node, SNI, route.sniHostname());
    MessageFormat.putUnlessEmpty(node, SNI_REWRITE, route.sniRewriteHostname());
    node.put(INSTANCE, route.instanceId()).put(PORT, route.port());
    node.putObject(TAG).put(TAG_GUID, route.tag().guid()).put(TAG_INDEX, route.tag().index());
    Integer ttl = route.ttlSeconds();
    if (ttl != null) {
      node.put(TTL, ttl);
    }
    node.put(ISOLATION_SEGMENT, route.isolationSegment());
    if (route.terminateFrontendTls()) {
      node.put(TERMINATE, true);
    }
    if (!route.alpns().isEmpty()) {
      MessageFormat.addAll(node.putArray(ALPNS), route.alpns());
    }
    if (route.enableBackendMtls()) {
      node.put(MTLS, true);
    }
    JsonValues.addOthers("route", route.others(), KEYS, node);
    return node;
  }

  static List<TcpRoute> read(byte[] json) {
    JsonNode array = Members.read(json);
    if (!array.isArray()) {
      throw new RouteRefusedException("", Members.MALFORMED, "is no JSON array; write [{…}, …]");
    }
    List<TcpRoute> routes = new ArrayList<>(array.size());
    for (JsonNode node : array) {
      routes.add(route("/" + routes.size(), node));
    }
    return routes;
  }

  private static TcpRoute route(String pointer, JsonNode node) {
    Members members = Members.of(pointer, node);
    Members tag = Members.of(pointer + "/" + TAG, members.object(TAG));
    return new TcpRoute(
        members.text(GROUP),
        members.number(PORT, 0, PortRange.MAX),
        members.text(BACKEND_IP),
        members.number(BACKEND_PORT, 0, PortRange.MAX),
        members.number(BACKEND_TLS_PORT, Integer.MIN_VALUE, Integer.MAX_VALUE),
        members.text(SNI),
        members.text(SNI_REWRITE),
        members.text(INSTANCE),
        new ModificationTag(
            tag.text(TAG_GUID), tag.longNumber(TAG_INDEX, 0, ModificationTag.LARGEST_INDEX)),
        members.numberOrNull(TTL),
        members.text(ISOLATION_SEGMENT),
        members.flag(TERMINATE),
        members.texts(ALPNS),
        members.flag(MTLS),
        members.others());
  }
}
