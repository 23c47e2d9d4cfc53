package io.dualstack.impl.cni.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.CniDns;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.cni.CniInterface;
import io.dualstack.cni.CniIp;
import io.dualstack.cni.CniResult;
import io.dualstack.cni.CniRoute;
import io.dualstack.cni.CniVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads results of any version of the protocol; members that no version knows are kept. */
public final class ResultReader {
  private static final Set<String> RESULT =
      Set.of("cniVersion", "interfaces", "ips", "routes", "dns");
  private static final Set<String> OLD_RESULT = Set.of("cniVersion", "ip4", "ip6", "dns");
  private static final Set<String> INTERFACE =
      Set.of("name", "mac", "mtu", "sandbox", "socketPath", "pciID");
  private static final Set<String> IP = Set.of("version", "interface", "address", "gateway");
  private static final Set<String> ROUTE =
      Set.of("dst", "gw", "mtu", "advmss", "priority", "table", "scope");
  private static final Set<String> DNS = Set.of("nameservers", "domain", "search", "options");

  private ResultReader() {}

  /**
   * Reads a result in the version it states; 0.1.0 if it states none.
   *
   * @throws CniException if it is none
   */
  public static CniResult read(ObjectNode object) {
    Fields fields = Fields.of(object, CniErrorCode.DECODING_FAILURE);
    String version = fields.text("cniVersion");
    return read(
        object,
        CniVersion.tryParse(version)
            .orElseThrow(
                () ->
                    new CniException(
                        CniErrorCode.INCOMPATIBLE_VERSION,
                        "unsupported CNI result version \"" + version + "\"")));
  }

  /**
   * Reads a result in a version.
   *
   * @throws CniException if it is none
   */
  public static CniResult read(ObjectNode object, CniVersion version) {
    Fields fields = Fields.of(object, CniErrorCode.DECODING_FAILURE);
    return version.isAtLeast(CniVersion.V0_3_0) ? readLists(fields) : readFamilies(fields);
  }

  private static CniResult readLists(Fields fields) {
    List<CniInterface> interfaces =
        fields.objects("interfaces").stream().map(ResultReader::device).toList();
    List<CniIp> ips = fields.objects("ips").stream().map(ResultReader::ip).toList();
    return new CniResult(
        interfaces, ips, routes(fields), dns(fields), CniJson.others(fields.object(), RESULT));
  }

  private static CniInterface device(Fields fields) {
    return new CniInterface(
        fields.text("name"),
        fields.text("mac"),
        fields.number("mtu"),
        fields.text("sandbox"),
        fields.text("socketPath"),
        fields.text("pciID"),
        CniJson.others(fields.object(), INTERFACE));
  }

  private static CniIp ip(Fields fields) {
    return new CniIp(
        fields.cidr("address"),
        fields.address("gateway"),
        fields.numberOrNull("interface"),
        CniJson.others(fields.object(), IP));
  }

  /** Reads the routes of a result or of a configuration. */
  public static List<CniRoute> routes(Fields fields) {
    return fields.objects("routes").stream().map(ResultReader::route).toList();
  }

  private static CniRoute route(Fields fields) {
    return new CniRoute(
        fields.cidr("dst"),
        fields.address("gw"),
        fields.number("mtu"),
        fields.number("advmss"),
        fields.number("priority"),
        fields.numberOrNull("table"),
        fields.numberOrNull("scope"),
        CniJson.others(fields.object(), ROUTE));
  }

  private static CniDns dns(Fields result) {
    Fields fields = result.objectOrNull("dns");
    if (fields == null) {
      return CniDns.NONE;
    }
    return new CniDns(
        fields.texts("nameservers"),
        fields.text("domain"),
        fields.texts("search"),
        fields.texts("options"),
        CniJson.others(fields.object(), DNS));
  }

  private static CniResult readFamilies(Fields fields) {
    List<CniIp> ips = new ArrayList<>();
    List<CniRoute> routes = new ArrayList<>();
    for (String key : List.of("ip4", "ip6")) {
      @Nullable Fields family = fields.objectOrNull(key);
      if (family != null) {
        ips.add(CniIp.of(family.cidr("ip"), family.address("gateway")));
        routes.addAll(routes(family));
      }
    }
    return new CniResult(
        List.of(), ips, routes, dns(fields), CniJson.others(fields.object(), OLD_RESULT));
  }
}
