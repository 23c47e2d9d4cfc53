package io.dualstack.spi.gcp;

import io.dualstack.Diagnostic;
import io.dualstack.Severity;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares networks with the subnetworks that they name. Used by one thread, once. */
final class SubnetworkCheck {
  private final Subnetworks subnetworks;
  private final Map<String, Optional<Subnetwork>> seen = new HashMap<>();
  private final List<Diagnostic> findings = new ArrayList<>();

  SubnetworkCheck(Subnetworks subnetworks) {
    this.subnetworks = subnetworks;
  }

  /** Returns what doesn't fit. */
  List<Diagnostic> of(NetworkSet networks) {
    for (Manual network : networks.manual()) {
      for (int i = 0; i < network.subnets().size(); i++) {
        check("networks." + network.name() + ".subnets[" + i + "]", network.subnets().get(i));
      }
    }
    checkQuota(networks);
    return findings;
  }

  private void check(String path, Subnet subnet) {
    String properties = path + ".cloud_properties.";
    String name = text(subnet, NicProperties.SUBNETWORK);
    if (name == null) {
      error(
          properties + NicProperties.SUBNETWORK,
          "CloudPropertyMissing",
          "is missing; name the subnetwork");
      return;
    }
    if (!GcpSettings.NAME.matcher(name).matches()) {
      error(
          properties + NicProperties.SUBNETWORK,
          "CloudPropertyInvalid",
          "\"%s\" doesn't match %s".formatted(name, GcpSettings.NAME));
      return;
    }
    String project = text(subnet, NicProperties.HOST_PROJECT);
    if (project != null && !GcpSettings.PROJECT.matcher(project).matches()) {
      error(
          properties + NicProperties.HOST_PROJECT,
          "CloudPropertyInvalid",
          "\"%s\" doesn't match %s".formatted(project, GcpSettings.PROJECT));
      return;
    }
    Optional<Subnetwork> found =
        seen.computeIfAbsent(project + "/" + name, key -> subnetworks.find(project, name));
    if (found.isEmpty()) {
      error(
          properties + NicProperties.SUBNETWORK,
          "SubnetworkUnknown",
          "\"%s\": there is no such subnetwork in the region; create it, or name another"
              .formatted(name));
      return;
    }
    String network = text(subnet, NicProperties.NETWORK);
    if (network != null && !network.equals(found.get().network())) {
      error(
          properties + NicProperties.NETWORK,
          "NetworkMismatch",
          "\"%s\", but subnetwork \"%s\" is of network \"%s\""
              .formatted(network, name, found.get().network()));
    }
    checkRange(path, subnet, found.get());
  }

  private void checkRange(String path, Subnet subnet, Subnetwork subnetwork) {
    List<IpPrefix> ranges = subnetwork.rangesFor(subnet.family(), subnet.delegatesPrefixes());
    if (ranges.isEmpty()) {
      error(
          path + ".range",
          "SubnetworkNotDualStack",
          "%s: subnetwork \"%s\" has no %s range; make it dual stack, or name another"
              .formatted(subnet.range(), subnetwork.name(), subnet.family().label()));
      return;
    }
    if (ranges.stream().noneMatch(range -> range.contains(subnet.range()))) {
      error(
          path + ".range",
          "RangeOutsideSubnetwork",
          "%s: is outside %s of subnetwork \"%s\"; use a range inside"
              .formatted(subnet.range(), ranges, subnetwork.name()));
      return;
    }
    if (subnet.family() == IpFamily.IPV6
        && subnetwork.external()
        && subnet.delegatesPrefixes()
        && subnet.chooser() == PrefixChooser.DIRECTOR) {
      error(
          path,
          "PrefixChooserUnsupported",
          ("the IPv6 addresses of subnetwork \"%s\" are external, and Compute Engine itself picks"
                  + " them; set prefix_chosen_by: provider")
              .formatted(subnetwork.name()));
    }
    for (IpAddress kept : subnetwork.kept()) {
      if (subnet.range().contains(kept)
          && !subnet.restricted().overlaps(IpPrefix.containing(kept, subnet.prefixLength()))) {
        warn(
            path + ".reserved",
            "AddressKeptByInfrastructure",
            "%s: Compute Engine keeps it for itself, and it would be handed out; reserve it"
                .formatted(kept));
      }
    }
    Optional<IpAddress> gateway = subnet.gatewayAddress();
    IpAddress router = subnetwork.gateway();
    if (subnet.family() == IpFamily.IPV4
        && router != null
        && gateway.isPresent()
        && !gateway.get().equals(router)
        && subnet.range().contains(router)) {
      warn(
          path + ".gateway",
          "GatewayMismatch",
          "%s: subnetwork \"%s\" has %s".formatted(gateway.get(), subnetwork.name(), router));
    }
  }

  private void checkQuota(NetworkSet networks) {
    if (seen.values().stream().anyMatch(Optional::isPresent)
        && subnetworks.addressesLeft().filter(left -> left == 0).isPresent()) {
      warn(
          "networks." + networks.manual().get(0).name(),
          "QuotaExhausted",
          "the project's quota of internal addresses (INTERNAL_ADDRESSES) is used up in the region;"
              + " ask Google for more, or release some");
    }
  }

  private static @Nullable String text(Subnet subnet, String property) {
    Object value = subnet.cloudProperties().get(property);
    return value == null ? null : value.toString();
  }

  private void error(String path, String code, String message) {
    findings.add(Diagnostic.error(path, code, message));
  }

  private void warn(String path, String code, String message) {
    findings.add(new Diagnostic(Severity.WARNING, "", path, 0, 0, code, message));
  }
}
