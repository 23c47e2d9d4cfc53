package io.dualstack.impl.workload;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.json.JsonValues;
import io.dualstack.net.IpFamily;
import io.dualstack.net.PortRange;
import io.dualstack.workload.NetInfo;
import io.dualstack.workload.PortMapping;
import io.dualstack.workload.PreferredAddress;
import io.dualstack.workload.ProcessStats;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The instances of a process as Cloud Controller tells them. */
final class ProcessStatsFormat {
  private static final String RESOURCES = "resources";
  private static final String TYPE = "type";
  private static final String INDEX = "index";
  private static final String STATE = "state";
  private static final String ROUTABLE = "routable";
  private static final String HOST = "host";
  private static final String IPV4 = "instance_internal_ip";
  private static final String IPV6 = "instance_internal_ipv6";
  private static final String PORTS = "instance_ports";
  private static final String UPTIME = "uptime";
  private static final String SEGMENT = "isolation_segment";
  private static final String DETAILS = "details";
  private static final Set<String> KNOWN =
      Set.of(TYPE, INDEX, STATE, ROUTABLE, HOST, IPV4, IPV6, PORTS, UPTIME, SEGMENT, DETAILS);

  private ProcessStatsFormat() {}

  static String write(List<ProcessStats> instances) {
    ObjectNode root = Fields.object();
    ArrayNode resources = root.putArray(RESOURCES);
    for (ProcessStats instance : instances) {
      ObjectNode node = resources.addObject();
      node.put(TYPE, instance.type()).put(INDEX, instance.index()).put(STATE, instance.state());
      if (instance.routable() != null) {
        node.put(ROUTABLE, instance.routable());
      }
      instance.place().ifPresent(place -> put(node, place));
      node.put(UPTIME, instance.uptime().toSeconds());
      node.put(SEGMENT, instance.isolationSegment());
      node.put(DETAILS, instance.details());
      JsonValues.addOthers("process stats", instance.otherFields(), KNOWN, node);
    }
    return root.toString();
  }

  private static void put(ObjectNode node, NetInfo place) {
    node.put(HOST, NetInfoFormat.text(place.address()));
    node.put(IPV4, NetInfoFormat.text(place.instanceAddress()));
    place.ipv6().ifPresent(address -> node.put(IPV6, address.toString()));
    ArrayNode ports = node.putArray(PORTS);
    for (PortMapping mapping : place.ports()) {
      ports
          .addObject()
          .put("external", mapping.hostPort())
          .put("internal", mapping.containerPort())
          .put("external_tls_proxy_port", nullIfZero(mapping.hostTlsProxyPort()))
          .put("internal_tls_proxy_port", nullIfZero(mapping.containerTlsProxyPort()));
    }
  }

  private static @Nullable Integer nullIfZero(int port) {
    return port == 0 ? null : Integer.valueOf(port);
  }

  static List<ProcessStats> read(String json) {
    return Fields.read(
        json,
        "ProcessStatsInvalid",
        root -> {
          if (!root.has(RESOURCES)) {
            root.fault(RESOURCES, "is missing; give an array of instances");
          }
          return List.copyOf(root.each(RESOURCES, ProcessStatsFormat::instance));
        });
  }

  private static ProcessStats instance(Fields fields) {
    String state = fields.textOrEmpty(STATE);
    boolean isPlaced =
        !state.equals(ProcessStats.DOWN)
            && Stream.of(HOST, IPV4, IPV6, PORTS).anyMatch(fields::has);
    return new ProcessStats(
        fields.textOrEmpty(TYPE),
        (int) fields.number(INDEX, Integer.MAX_VALUE),
        state,
        fields.flag(ROUTABLE),
        isPlaced ? place(fields) : null,
        Duration.ofSeconds(fields.number(UPTIME, Long.MAX_VALUE)),
        fields.text(SEGMENT),
        fields.text(DETAILS),
        fields.others(KNOWN));
  }

  private static NetInfo place(Fields fields) {
    return new NetInfo(
        fields.address(HOST, null),
        fields.each(PORTS, ProcessStatsFormat::port),
        fields.address(IPV4, IpFamily.IPV4),
        PreferredAddress.UNKNOWN,
        fields.address(IPV6, IpFamily.IPV6),
        Map.of());
  }

  private static PortMapping port(Fields port) {
    return new PortMapping(
        (int) port.number("internal", PortRange.MAX),
        (int) port.number("external", PortRange.MAX),
        (int) port.number("internal_tls_proxy_port", PortRange.MAX),
        (int) port.number("external_tls_proxy_port", PortRange.MAX));
  }
}
