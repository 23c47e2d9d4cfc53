package io.dualstack.impl.provider.local;

import io.dualstack.Diagnostic;
import io.dualstack.Severity;
import io.dualstack.allocation.NetworkDefinition.Dynamic;
import io.dualstack.allocation.NetworkDefinition.Manual;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Subnet;
import io.dualstack.net.IpAddress;
import io.dualstack.provider.Capabilities;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds what can't work, or probably isn't meant, in networks that are each valid by themselves.
 */
final class NetworkCheck {
  private record Place(String network, int index, Subnet subnet) {
    String path() {
      return "networks." + network + ".subnets[" + index + "]";
    }
  }

  private final Capabilities capabilities;
  private final List<Diagnostic> findings = new ArrayList<>();

  NetworkCheck(Capabilities capabilities) {
    this.capabilities = capabilities;
  }

  List<Diagnostic> check(NetworkSet networks) {
    List<Place> places = new ArrayList<>();
    for (Manual network : networks.manual()) {
      for (int i = 0; i < network.subnets().size(); i++) {
        places.add(new Place(network.name(), i, network.subnets().get(i)));
      }
    }
    places.forEach(this::checkSupport);
    places.forEach(this::checkRoom);
    checkGateways(places);
    checkDynamic(networks);
    return List.copyOf(findings);
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
    }
  }

  private void checkRoom(Place place) {
    Subnet subnet = place.subnet();
    if (!PrefixPicker.hasRoom(subnet)) {
      error(
          place.path() + ".range",
          "PoolTooSmall",
          ("%s: has no /%d to hand out beside its first and last address, gateway and reserved"
                  + " ones; use a larger range or smaller blocks, or reserve less")
              .formatted(subnet.range(), subnet.prefixLength()));
    }
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

  private void checkDynamic(NetworkSet networks) {
    networks.all().stream()
        .filter(Dynamic.class::isInstance)
        .forEach(
            network ->
                findings.add(
                    new Diagnostic(
                        Severity.WARNING,
                        "",
                        "networks." + network.name() + ".type",
                        0,
                        0,
                        "DynamicNetworkUnsupported",
                        "dynamic: there is no infrastructure that would pick its addresses;"
                            + " machines can't use it, use a manual network")));
  }

  private void error(String path, String code, String message) {
    findings.add(Diagnostic.error(path, code, message));
  }
}
