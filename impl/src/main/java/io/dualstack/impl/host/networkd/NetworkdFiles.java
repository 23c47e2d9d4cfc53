package io.dualstack.impl.host.networkd;

import io.dualstack.host.DefaultFor;
import io.dualstack.host.NetworkType;
import io.dualstack.host.VmNetwork;
import io.dualstack.net.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decides which networks are on which interface, and what a machine has once. Stateless. */
public final class NetworkdFiles {

  /** The kernel's rule for names, less what networkd would take for a pattern or specifier. */
  private static final String NAME = "(?!\\.{1,2}(?:$|:))[^/:\\s\\p{Cntrl}*?\\[\\]!%]+";

  private static final Pattern DEVICE = Pattern.compile(NAME);
  private static final Pattern DEVICE_OR_ALIAS =
      Pattern.compile("(" + NAME + ")(?::[^/:\\s\\p{Cntrl}]+)?");

  /**
   * By family, the default route first, so that the order in which networks come is of no effect.
   */
  private static final Comparator<VmNetwork> ORDER =
      Comparator.<VmNetwork, Boolean>comparing(network -> network.block() == null)
          .thenComparing(network -> network.family().map(Enum::ordinal).orElse(0))
          .thenComparing(network -> !network.isDefaultFor(DefaultFor.GATEWAY))
          .thenComparing(
              network -> Optional.ofNullable(network.block()),
              Comparator.comparing(
                  block -> block.orElse(null), Comparator.nullsLast(Comparator.naturalOrder())))
          .thenComparing(VmNetwork::name);

  private NetworkdFiles() {}

  /**
   * Writes the files of a machine.
   *
   * @param networks its networks
   * @param interfaces the interface names by NIC or by hardware address
   * @return contents by file name, in the order of names
   * @throws IllegalArgumentException if a NIC has no interface, or a name can't be an interface's
   */
  public static Map<String, String> format(
      List<VmNetwork> networks, Map<String, String> interfaces) {
    List<VmNetwork> onNics =
        networks.stream()
            .filter(network -> network.type() != NetworkType.VIP)
            .sorted(ORDER)
            .toList();
    Map<String, String> files = new LinkedHashMap<>();
    if (onNics.stream().allMatch(network -> network.hints().preconfigured())) {
      return files;
    }
    List<IpAddress> dns = nameServers(onNics);
    boolean hasDefault =
        onNics.stream().anyMatch(network -> network.isDefaultFor(DefaultFor.GATEWAY));
    byInterface(networks, onNics, interfaces)
        .forEach(
            (name, there) ->
                files.put(
                    "10_" + name + ".network",
                    new InterfaceUnit(name, there, dns, hasDefault).format()));
    return files;
  }

  /** A machine's only network need not say that it is the default. */
  private static List<IpAddress> nameServers(List<VmNetwork> networks) {
    return networks.stream()
        .filter(network -> networks.size() == 1 || network.isDefaultFor(DefaultFor.DNS))
        .findFirst()
        .map(VmNetwork::dns)
        .orElse(List.of());
  }

  private static SortedMap<String, List<VmNetwork>> byInterface(
      List<VmNetwork> networks, List<VmNetwork> onNics, Map<String, String> interfaces) {
    SortedMap<String, List<VmNetwork>> byInterface = new TreeMap<>();
    interfaces.forEach(
        (nic, name) -> {
          boolean known =
              networks.stream()
                  .anyMatch(network -> network.nic().equals(nic) || isMacOf(network, nic));
          if (!known) {
            byInterface.put(device(nic, name), new ArrayList<>());
          }
        });
    for (VmNetwork network : onNics) {
      byInterface
          .computeIfAbsent(interfaceOf(network, interfaces), name -> new ArrayList<>())
          .add(network);
    }
    return byInterface;
  }

  private static String interfaceOf(VmNetwork network, Map<String, String> interfaces) {
    String alias = network.hints().alias();
    if (network.mac() == null && !alias.isEmpty()) {
      Matcher matcher = DEVICE_OR_ALIAS.matcher(alias);
      if (!matcher.matches()) {
        throw notAName(network.name(), alias);
      }
      return matcher.group(1);
    }
    String name = interfaces.get(network.nic());
    if (name == null && network.mac() != null) {
      name = interfaces.get(network.mac().toString());
    }
    if (name == null) {
      throw new IllegalArgumentException(
          "%s: its NIC %s has no interface; name one beside %s"
              .formatted(network.name(), network.nic(), interfaces));
    }
    return device(network.nic(), name);
  }

  /** An agent isn't told groups: networks on one NIC have one hardware address. */
  private static boolean isMacOf(VmNetwork network, String key) {
    return network.mac() != null && network.mac().toString().equals(key);
  }

  private static String device(String nic, String name) {
    if (!DEVICE.matcher(name).matches()) {
      throw notAName(nic, name);
    }
    return name;
  }

  private static IllegalArgumentException notAName(String where, String name) {
    return new IllegalArgumentException(
        "%s: \"%s\" can't be the name of an interface; use one such as eth0"
            .formatted(where, name));
  }
}
