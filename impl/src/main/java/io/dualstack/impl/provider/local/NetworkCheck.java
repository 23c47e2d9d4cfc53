package io.dualstack.impl.provider.local;

import io.dualstack.Diagnostic;
import io.dualstack.Severity;
import io.dualstack.allocation.NetworkDefinition.Dynamic;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.provider.support.CapabilityCheck;
import java.util.ArrayList;
import java.util.List;

/** Finds what the local provider can't do, or what probably isn't meant. */
final class NetworkCheck {
  private NetworkCheck() {}

  static List<Diagnostic> of(NetworkSet networks) {
    List<Diagnostic> findings =
        new ArrayList<>(CapabilityCheck.of(LocalProvider.CAPABILITIES, networks));
    findings.addAll(dynamic(networks));
    return List.copyOf(findings);
  }

  private static List<Diagnostic> dynamic(NetworkSet networks) {
    return networks.all().stream()
        .filter(Dynamic.class::isInstance)
        .map(
            network ->
                new Diagnostic(
                    Severity.WARNING,
                    "",
                    "networks." + network.name() + ".type",
                    0,
                    0,
                    "DynamicNetworkUnsupported",
                    "dynamic: there is no infrastructure that would pick its addresses;"
                        + " machines can't use it, use a manual network"))
        .toList();
  }
}
