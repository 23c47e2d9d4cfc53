package io.dualstack.impl.cni.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.CniDns;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.cni.CniInterface;
import io.dualstack.cni.CniIp;
import io.dualstack.cni.CniResult;
import io.dualstack.cni.CniRoute;
import io.dualstack.cni.CniVersion;
import io.dualstack.net.IpFamily;
import java.util.List;
import java.util.Optional;

/**
 * Writes results in any version of the protocol. What a version has no place for is left out, as
 * the original library does it: before 0.3.0 all but the first address of each family, before 1.0.0
 * the newer facts of interfaces.
 */
public final class ResultWriter {
  private ResultWriter() {}

  /**
   * Returns the JSON of a result.
   *
   * @throws CniException if the version demands an address and there is none
   */
  public static ObjectNode write(CniResult result, CniVersion version) {
    ObjectNode object = CniJson.object().put("cniVersion", version.text());
    if (version.isAtLeast(CniVersion.V0_3_0)) {
      writeLists(object, result, version);
    } else {
      writeFamilies(object, result);
    }
    if (!result.dns().isEmpty()) {
      object.set("dns", of(result.dns()));
    }
    CniJson.addOthers(object, result.others());
    return object;
  }

  private static void writeLists(ObjectNode object, CniResult result, CniVersion version) {
    if (!result.interfaces().isEmpty()) {
      ArrayNode interfaces = object.putArray("interfaces");
      result.interfaces().forEach(each -> interfaces.add(of(each, version)));
    }
    if (!result.ips().isEmpty()) {
      ArrayNode ips = object.putArray("ips");
      result.ips().forEach(each -> ips.add(of(each, version)));
    }
    if (!result.routes().isEmpty()) {
      ArrayNode routes = object.putArray("routes");
      result.routes().forEach(each -> routes.add(of(each)));
    }
  }

  private static ObjectNode of(CniInterface device, CniVersion version) {
    ObjectNode object = CniJson.object().put("name", device.name());
    putText(object, "mac", device.mac());
    boolean complete = version.isAtLeast(CniVersion.V1_0_0);
    if (complete) {
      putNumber(object, "mtu", device.mtu());
    }
    putText(object, "sandbox", device.sandbox());
    if (complete) {
      putText(object, "socketPath", device.socketPath());
      putText(object, "pciID", device.pciId());
    }
    CniJson.addOthers(object, device.others());
    return object;
  }

  private static ObjectNode of(CniIp ip, CniVersion version) {
    ObjectNode object = CniJson.object();
    if (!version.isAtLeast(CniVersion.V1_0_0)) {
      object.put("version", ip.address().family() == IpFamily.IPV4 ? "4" : "6");
    }
    if (ip.interfaceIndex() != null) {
      object.put("interface", ip.interfaceIndex());
    }
    object.put("address", ip.address().toString());
    if (ip.gateway() != null) {
      object.put("gateway", ip.gateway().toString());
    }
    CniJson.addOthers(object, ip.others());
    return object;
  }

  private static ObjectNode of(CniRoute route) {
    ObjectNode object = shortRoute(route);
    putNumber(object, "mtu", route.mtu());
    putNumber(object, "advmss", route.advmss());
    putNumber(object, "priority", route.priority());
    if (route.table() != null) {
      object.put("table", route.table());
    }
    if (route.scope() != null) {
      object.put("scope", route.scope());
    }
    CniJson.addOthers(object, route.others());
    return object;
  }

  private static ObjectNode shortRoute(CniRoute route) {
    ObjectNode object = CniJson.object().put("dst", route.dst().toString());
    if (route.gw() != null) {
      object.put("gw", route.gw().toString());
    }
    return object;
  }

  private static ObjectNode of(CniDns dns) {
    ObjectNode object = CniJson.object();
    putTexts(object, "nameservers", dns.nameservers());
    putText(object, "domain", dns.domain());
    putTexts(object, "search", dns.search());
    putTexts(object, "options", dns.options());
    CniJson.addOthers(object, dns.others());
    return object;
  }

  private static void writeFamilies(ObjectNode object, CniResult result) {
    boolean any = false;
    for (IpFamily family : IpFamily.values()) {
      Optional<CniIp> first =
          result.ips().stream().filter(ip -> ip.address().family() == family).findFirst();
      if (first.isEmpty()) {
        continue;
      }
      any = true;
      CniIp ip = first.get();
      ObjectNode place = object.putObject(family == IpFamily.IPV4 ? "ip4" : "ip6");
      place.put("ip", ip.address().toString());
      if (ip.gateway() != null) {
        place.put("gateway", ip.gateway().toString());
      }
      List<CniRoute> routes =
          result.routes().stream().filter(route -> route.dst().family() == family).toList();
      if (!routes.isEmpty()) {
        ArrayNode array = place.putArray("routes");
        routes.forEach(route -> array.add(shortRoute(route)));
      }
    }
    if (!any) {
      throw new CniException(CniErrorCode.INTERNAL, "cannot convert: no valid IP addresses");
    }
  }

  private static void putText(ObjectNode object, String key, String text) {
    if (!text.isEmpty()) {
      object.put(key, text);
    }
  }

  private static void putNumber(ObjectNode object, String key, int number) {
    if (number != 0) {
      object.put(key, number);
    }
  }

  private static void putTexts(ObjectNode object, String key, List<String> texts) {
    if (!texts.isEmpty()) {
      ArrayNode array = object.putArray(key);
      texts.forEach(array::add);
    }
  }
}
