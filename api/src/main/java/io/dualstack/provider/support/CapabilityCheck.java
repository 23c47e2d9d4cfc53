package io.dualstack.provider.support;

import io.dualstack.Diagnostic;
import io.dualstack.Severity;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import io.dualstack.provider.Capabilities;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds what can't work, or probably isn't meant, in networks that are each valid by themselves:
 * what the {@link Capabilities} leave out, ranges without a single block to hand out, routers whose
 * addresses would be handed out elsewhere. Contacts nobody.
 */
public final class CapabilityCheck {
  private record Place(String network, int index, Subnet subnet) {
    String path() {
      return "networks." + network + ".subnets[" + index + "]";
    }
  }

  private final Capabilities capabilities;
  private final List<Diagnostic> findings = new ArrayList<>();

  private CapabilityCheck(Capabilities capabilities) {
    this.capabilities = capabilities;
  }

  /**
   * Checks the manual networks of a set.
   *
   * @param capabilities what the infrastructure can do
   * @param networks the networks
   * @return the findings; an unmodifiable list
   */
  public static List<Diagnostic> of(Capabilities capabilities, NetworkSet networks) {
    CapabilityCheck check = new CapabilityCheck(capabilities);
    check.check(networks);
    return List.copyOf(check.findings);
  }

  private void check(NetworkSet networks) {
    List<Place> places = new ArrayList<>();
    for (Manual network : networks.manual()) {
      for (int i = 0; i < network.subnets().size(); i++) {
        places.add(new Place(network.name(), i, network.subnets().get(i)));
      }
    }
    places.forEach(this::checkSupport);
    places.forEach(this::checkRoom);
    checkGateways(places);
  }

  private void checkSupport(Place place) {
    Subnet subnet = place.subnet();
    if (subnet.delegatesPrefixes()) {
      Optional<String> length = capabilities.refusePrefix(subnet.family(), subnet.prefixLength());
      if (length.isPresent()) {
        error(place.path() + ".prefix", "PrefixLengthUnsupported", length.get());
        return;
      }
      capabilities
          .refuseChooser(subnet.family(), subnet.chooser())
          .ifPresent(reason -> error(place.path(), "PrefixChooserUnsupported", reason));
    } else {
      capabilities
          .refuseAddresses(subnet.family())
          .ifPresent(reason -> error(place.path() + ".range", "FamilyUnsupported", reason));
    }
  }

  private void checkRoom(Place place) {
    Subnet subnet = place.subnet();
    if (!hasRoom(subnet)) {
      error(
          place.path() + ".range",
          "PoolTooSmall",
          ("%s: has no /%d to hand out beside its first and last address, gateway and reserved"
                  + " ones; use a larger range or smaller blocks, or reserve less")
              .formatted(subnet.range(), subnet.prefixLength()));
    }
  }

  /** Returns whether an empty subnet has a block of its length to hand out, if only by name. */
  private static boolean hasRoom(Subnet subnet) {
    return IpSet.of(IpRange.of(subnet.range())).subtract(subnet.restricted()).prefixes().stream()
        .anyMatch(free -> free.length() <= subnet.prefixLength());
  }

  /** A router's address in one network is an address like any other in a network around it. */
  private void checkGateways(List<Place> places) {
    for (Place router : places) {
      Optional<IpAddress> gateway = router.subnet().gatewayAddress();
      for (Place other : places) {
        if (gateway.isPresent()
            && other.subnet().range().contains(gateway.get())
            && !other.subnet().restricted().contains(gateway.get())) {
          findings.add(
              new Diagnostic(
                  Severity.WARNING,
                  "",
                  other.path() + ".reserved",
                  0,
                  0,
                  "GatewayNotReserved",
                  "%s: is the gateway of network %s, and would be handed out here; reserve it"
                      .formatted(gateway.get(), router.network())));
        }
      }
    }
  }

  private void error(String path, String code, String message) {
    findings.add(Diagnostic.error(path, code, message));
  }
}
