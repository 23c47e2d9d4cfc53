package io.dualstack.impl.cni.hostlocal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.AddressRange;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.cni.CniVersion;
import io.dualstack.cni.IpamConfig;
import io.dualstack.cni.RangeSet;
import io.dualstack.impl.cni.protocol.CniArgs;
import io.dualstack.impl.cni.protocol.CniConfig;
import io.dualstack.impl.cni.protocol.Fields;
import io.dualstack.impl.cni.protocol.ResultReader;
import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a configuration and {@code CNI_ARGS} ask of host-local, read in its order and refused in its
 * words.
 *
 * @param config the network
 * @param requested the addresses asked for
 */
public record HostLocalCall(IpamConfig config, List<IpAddress> requested) {

  /** Copies the list. */
  public HostLocalCall {
    requested = List.copyOf(requested);
  }

  /**
   * Reads a call.
   *
   * @throws CniException if the configuration is refused
   */
  public static HostLocalCall read(CniConfig document, String args) {
    Fields root = Fields.of(document.tree(), CniErrorCode.INTERNAL);
    Fields ipam = root.objectOrNull("ipam");
    if (ipam == null) {
      throw refused("IPAM config missing 'ipam' key");
    }
    List<IpAddress> requested = requested(root, args);
    List<RangeSet> sets = sets(root, ipam);
    checkFamilies(sets, document.versionText());
    String dataDir = ipam.text("dataDir");
    String resolvConf = ipam.text("resolvConf");
    try {
      return new HostLocalCall(
          new IpamConfig(
              document.name(),
              dataDir.isEmpty() ? IpamConfig.DEFAULT_DATA_DIR : Path.of(dataDir),
              sets,
              ResultReader.routes(ipam),
              resolvConf.isEmpty() ? null : Path.of(resolvConf)),
          requested);
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private static List<IpAddress> requested(Fields root, String args) {
    List<IpAddress> requested = new ArrayList<>();
    String fromArgs = CniArgs.parse(args, Set.of("IP")).getOrDefault("IP", "");
    if (!fromArgs.isEmpty()) {
      requested.add(
          requestedAddress(
              "ARGS: error parsing value of pair \"IP=%s\": ".formatted(fromArgs), fromArgs));
    }
    List<String> texts = new ArrayList<>();
    Fields outer = root.objectOrNull("args");
    Fields cni = outer == null ? null : outer.objectOrNull("cni");
    if (cni != null) {
      texts.addAll(cni.texts("ips"));
    }
    Fields runtime = root.objectOrNull("runtimeConfig");
    if (runtime != null) {
      texts.addAll(runtime.texts("ips"));
    }
    texts.forEach(text -> requested.add(requestedAddress("", text)));
    return requested;
  }

  private static IpAddress requestedAddress(String where, String text) {
    return InterfaceAddress.tryParse(text)
        .map(InterfaceAddress::address)
        .map(address -> address.mappedIpv4().orElse(address))
        .or(() -> Fields.parseAddress(text))
        .orElseThrow(() -> refused(where + "invalid IP address " + text));
  }

  private static List<RangeSet> sets(Fields root, Fields ipam) {
    List<List<Fields>> raw = new ArrayList<>();
    Fields runtime = root.objectOrNull("runtimeConfig");
    if (runtime != null) {
      raw.addAll(lists(runtime, "ipRanges"));
    }
    if (!ipam.text("subnet").isEmpty()) {
      raw.add(List.of(ipam));
    }
    raw.addAll(lists(ipam, "ranges"));
    if (raw.isEmpty()) {
      throw refused("no IP ranges specified");
    }
    List<RangeSet> sets = new ArrayList<>();
    for (List<Fields> ranges : raw) {
      try {
        sets.add(new RangeSet(ranges.stream().map(HostLocalCall::range).toList()));
      } catch (IllegalArgumentException e) {
        throw refused("invalid range set %d: %s".formatted(sets.size(), e.getMessage()));
      }
    }
    return sets;
  }

  private static List<List<Fields>> lists(Fields parent, String key) {
    List<List<Fields>> lists = new ArrayList<>();
    for (JsonNode element : parent.elements(key)) {
      String at = key + "[" + lists.size() + "]";
      if (!(element instanceof ArrayNode ranges)) {
        throw parent.refused(at, "is no list of ranges; write [[{\"subnet\": …}]]");
      }
      List<Fields> list = new ArrayList<>();
      for (JsonNode range : ranges) {
        if (!(range instanceof ObjectNode object)) {
          throw parent.refused(at + "[" + list.size() + "]", "is no object");
        }
        list.add(new Fields(object, at + "[" + list.size() + "]", parent.code()));
      }
      lists.add(list);
    }
    return lists;
  }

  private static AddressRange range(Fields fields) {
    if (!fields.has("subnet")) {
      throw new IllegalArgumentException("IP <nil> not v4 nor v6");
    }
    InterfaceAddress subnet = fields.cidr("subnet");
    IpAddress start = fields.address("rangeStart");
    IpAddress end = fields.address("rangeEnd");
    IpAddress gateway = fields.address("gateway");
    if (subnet.address().isIpv4Mapped()) {
      throw new IllegalArgumentException("IPNet IP and Mask version mismatch");
    }
    if (subnet.prefixLength() <= subnet.family().bits() - 2
        && !subnet.address().equals(subnet.network().address())) {
      throw new IllegalArgumentException(
          "Network has host bits set. For a subnet mask of length %d the network address is %s"
              .formatted(subnet.prefixLength(), subnet.network().address()));
    }
    if (subnet.prefixLength() > subnet.family().bits() - 2) {
      throw new IllegalArgumentException("Network %s too small to allocate from".formatted(subnet));
    }
    return AddressRange.of(subnet.network(), start, end, gateway);
  }

  /** Up to 0.2.0 a result has room for one address of each family. */
  private static void checkFamilies(List<RangeSet> sets, String version) {
    boolean old =
        CniVersion.tryParse(version)
            .filter(known -> !known.isAtLeast(CniVersion.V0_3_0))
            .isPresent();
    for (IpFamily family : IpFamily.values()) {
      if (old && sets.stream().filter(set -> set.family() == family).count() > 1) {
        throw refused(
            "CNI version %s does not support more than 1 address per family".formatted(version));
      }
    }
  }

  private static CniException refused(String message) {
    return new CniException(CniErrorCode.INTERNAL, message);
  }
}
