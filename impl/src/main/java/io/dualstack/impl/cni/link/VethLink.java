package io.dualstack.impl.cni.link;

import com.fasterxml.jackson.databind.JsonNode;
import io.dualstack.KernelException;
import io.dualstack.impl.kernel.IpJson;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Sysctl;
import io.dualstack.impl.kernel.Sysctls;
import io.dualstack.impl.kernel.rtnetlink.Change;
import io.dualstack.impl.kernel.rtnetlink.Rtnetlink;
import io.dualstack.net.IpAddress;
import java.util.List;

/**
 * Makes and removes the pair of devices between a host and its containers, without a process.
 * Thread-safe for different containers.
 */
public final class VethLink {
  private final Namespace host;
  private final String proxyDevice;

  /**
   * Works in a host's namespace.
   *
   * @param proxyDevice the uplink on whose segment containers' IPv6 addresses are answered for;
   *     empty where their prefix is routed to the host, as it should be
   */
  public VethLink(Namespace host, String proxyDevice) {
    this.host = host;
    this.proxyDevice = proxyDevice;
  }

  /**
   * Makes a link, IPv4 first, then IPv6 on the same devices.
   *
   * @throws KernelException naming what failed; then no device is left
   */
  public void create(Namespace container, LinkPlan plan) {
    Rtnetlink.apply(host, plan.create(container));
    try {
      setUpIpv4(container, plan);
      if (plan.addressOfIpv6().isPresent()) {
        setUpIpv6(container, plan);
      }
    } catch (RuntimeException e) {
      removeAfter(e, plan);
      throw e;
    }
  }

  private void setUpIpv4(Namespace container, LinkPlan plan) {
    // The kernel gives devices with a smaller MTU no IPv6 and no settings for it.
    boolean hasIpv6 =
        plan.mtu() >= LinkPlan.SMALLEST_IPV6_MTU
            && Sysctls.read(host, "ipv6/conf/all/disable_ipv6").isPresent();
    Sysctls.write(host, LinkSettings.beforeUp(plan.names().hostDevice(), hasIpv6));
    Sysctls.write(container, LinkSettings.beforeUp(plan.ifName(), hasIpv6));
    Rtnetlink.apply(host, plan.hostIpv4());
    Rtnetlink.apply(container, plan.containerIpv4());
    Sysctls.write(host, List.of(LinkSettings.FORWARD_IPV4));
  }

  private void setUpIpv6(Namespace container, LinkPlan plan) {
    Sysctls.write(host, LinkSettings.beforeIpv6(plan.names().hostDevice()));
    Sysctls.write(container, LinkSettings.beforeIpv6(plan.ifName()));
    forwardIpv6();
    Rtnetlink.apply(host, plan.hostIpv6());
    Rtnetlink.apply(container, plan.containerIpv6());
    if (!proxyDevice.isEmpty()) {
      Sysctls.write(host, List.of(Sysctl.ofDevice("ipv6", proxyDevice, "proxy_ndp", 1)));
      plan.addressOfIpv6()
          .map(ipv6 -> Change.replaceProxy(ipv6, proxyDevice))
          .ifPresent(proxy -> Rtnetlink.apply(host, List.of(proxy)));
    }
  }

  /** The first time, uplinks that live on router advertisements are told to go on doing so. */
  private void forwardIpv6() {
    Sysctl forward = LinkSettings.FORWARD_IPV6;
    if (Sysctls.read(host, forward.key()).filter(forward.value()::equals).isPresent()) {
      return;
    }
    List<Sysctl> uplinks =
        IpJson.read(host, "-6", "route", "show", "default", "proto", "ra").stream()
            .map(route -> route.path("dev").asText())
            .distinct()
            // Where it is 0, a program reads the advertisements, whom forwarding does not bother.
            .filter(device -> Sysctls.read(host, acceptRa(device)).filter("1"::equals).isPresent())
            .map(device -> Sysctl.ofDevice("ipv6", device, "accept_ra", 2))
            .toList();
    Sysctls.write(host, uplinks);
    Sysctls.write(host, List.of(forward));
  }

  private static String acceptRa(String device) {
    return "ipv6/conf/" + device + "/accept_ra";
  }

  /** Attempts both, as each is of use without the other. */
  private void removeAfter(RuntimeException failure, LinkPlan plan) {
    List<Runnable> steps =
        List.of(
            () -> removeHostEnd(plan.ipv4()),
            () -> plan.addressOfIpv6().ifPresent(this::removeProxy));
    for (Runnable step : steps) {
      try {
        step.run();
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
  }

  /** Removes the device of that name in a container, and with it the host's end; it may be gone. */
  public void removeContainerEnd(Namespace container, String ifName) {
    removeDevice(container, ifName);
  }

  /** Removes the host's end of a container's link, and with it the other one; it may be gone. */
  public void removeHostEnd(IpAddress ipv4) {
    removeDevice(host, LinkNames.of(ipv4).hostDevice());
  }

  /** Stops answering for an address on the uplink, if that was done. */
  public void removeProxy(IpAddress ipv6) {
    if (!proxyDevice.isEmpty()) {
      try {
        Rtnetlink.apply(host, List.of(Change.deleteProxy(ipv6, proxyDevice)));
      } catch (KernelException e) {
        // The entry, or the uplink with all of its entries.
        if (!e.answer().contains("No such file") && !e.answer().contains("Cannot find device")) {
          throw e;
        }
      }
    }
  }

  private static void removeDevice(Namespace namespace, String device) {
    try {
      Rtnetlink.removeLink(namespace, device);
    } catch (KernelException e) {
      if (!e.answer().contains("Cannot find device")) {
        throw e;
      }
    }
  }

  /**
   * Checks that a link is as it was made.
   *
   * @throws KernelException naming the first thing that is missing
   */
  public void check(Namespace container, LinkPlan plan) {
    LinkNames names = plan.names();
    checkDevice(host, names.hostDevice(), names.hostMac().toString());
    checkDevice(container, plan.ifName(), names.containerMac().toString());
    checkAddress(container, plan.ifName(), plan.ipv4());
    checkRoute(container, "-4", LinkNames.HOST_IPV4);
    plan.addressOfIpv6()
        .ifPresent(
            ipv6 -> {
              checkAddress(container, plan.ifName(), ipv6);
              checkRoute(container, "-6", LinkNames.HOST_IPV6);
            });
  }

  private static void checkDevice(Namespace namespace, String device, String mac) {
    boolean found =
        IpJson.read(namespace, "link", "show", "dev", device).stream()
            .anyMatch(
                link ->
                    link.path("address").asText().equals(mac)
                        && link.path("flags").toString().contains("\"UP\""));
    if (!found) {
      throw new KernelException("check " + device, "it is not up with address " + mac, null);
    }
  }

  private static void checkAddress(Namespace namespace, String device, IpAddress address) {
    for (JsonNode link : IpJson.read(namespace, "address", "show", "dev", device)) {
      for (JsonNode each : link.path("addr_info")) {
        if (each.path("local").asText().equals(address.toString())) {
          return;
        }
      }
    }
    throw new KernelException("check " + device, "it does not have address " + address, null);
  }

  private static void checkRoute(Namespace namespace, String family, IpAddress gateway) {
    if (IpJson.read(namespace, family, "route", "show", "default").stream()
        .noneMatch(route -> route.path("gateway").asText().equals(gateway.toString()))) {
      throw new KernelException("check the default route", "there is none via " + gateway, null);
    }
  }
}
