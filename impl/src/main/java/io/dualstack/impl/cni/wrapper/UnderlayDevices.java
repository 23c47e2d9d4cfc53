package io.dualstack.impl.cni.wrapper;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.impl.cni.protocol.Fields;
import io.dualstack.impl.kernel.IpJson;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.net.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** The devices by which packets leave a cell: those that are named, or those with its addresses. */
public final class UnderlayDevices {
  private static final String NAMED = "temporary_underlay_interface_names";

  private UnderlayDevices() {}

  /**
   * Finds the devices.
   *
   * @throws io.dualstack.cni.CniException if an address is on none
   */
  public static List<String> of(Fields fields, Namespace host) {
    List<String> named = fields.texts(NAMED);
    if (!named.isEmpty()) {
      return named;
    }
    Map<IpAddress, String> devices = new HashMap<>();
    for (JsonNode link : IpJson.read(host, "address", "show")) {
      for (JsonNode each : link.path("addr_info")) {
        IpAddress.tryParse(each.path("local").asText())
            .ifPresent(address -> devices.put(address, link.path("ifname").asText()));
      }
    }
    LinkedHashSet<String> found = new LinkedHashSet<>();
    List<String> texts = fields.texts("underlay_ips");
    for (int i = 0; i < texts.size(); i++) {
      String device = Fields.parseAddress(texts.get(i)).map(devices::get).orElse(null);
      if (device == null) {
        throw fields.refused(
            "underlay_ips[" + i + "]",
            "\"%s\": is on no device; use addresses of this cell, or name the devices in %s"
                .formatted(texts.get(i), NAMED));
      }
      found.add(device);
    }
    return new ArrayList<>(found);
  }
}
