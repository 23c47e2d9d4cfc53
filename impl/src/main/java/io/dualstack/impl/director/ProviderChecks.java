package io.dualstack.impl.director;

import io.dualstack.Diagnostic;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.director.Deployment;
import io.dualstack.director.InstanceGroup;
import io.dualstack.director.InstanceId;
import io.dualstack.director.NetworkUse;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.provider.NicRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Refuses what a provider's declared capabilities exclude, before anything is contacted. */
final class ProviderChecks {

  private final Deployment deployment;
  private final String provider;
  private final Capabilities capabilities;
  private final List<Diagnostic> findings = new ArrayList<>();

  private ProviderChecks(Deployment deployment, NetworkProvider provider) {
    this.deployment = deployment;
    this.provider = provider.name();
    this.capabilities = provider.capabilities();
  }

  static List<Diagnostic> check(Deployment deployment, NetworkProvider provider) {
    ProviderChecks checks = new ProviderChecks(deployment, provider);
    deployment.groups().forEach(checks::check);
    return checks.findings;
  }

  private void check(InstanceGroup group) {
    for (NetworkUse use : group.networks()) {
      manual(use.network())
          .filter(network -> lengthOf(use, network) < network.family().bits())
          .filter(network -> chooserOf(network) == PrefixChooser.DIRECTOR)
          .flatMap(network -> capabilities.refuseChooser(network.family(), PrefixChooser.DIRECTOR))
          .ifPresent(
              reason -> error(group, "networks." + use.network(), "ChooserNotSupported", reason));
    }
    DesiredInstance sample =
        new DesiredInstance(new InstanceId(deployment.name(), group.name(), 0), group, null, null);
    for (NicRequest nic :
        MachineNics.of(sample, deployment.networks(), "", name -> sampleBlock(group, name))) {
      capabilities
          .refuse(nic)
          .ifPresent(reason -> error(group, "nics." + nic.nic(), "NicNotSupported", reason));
    }
  }

  /** A block as the director would choose it; null where the provider chooses. */
  private @Nullable IpPrefix sampleBlock(InstanceGroup group, String name) {
    for (NetworkUse use : group.networks()) {
      NetworkDefinition.Manual network = manual(name).orElse(null);
      if (use.network().equals(name) && network != null) {
        int length = lengthOf(use, network);
        return chooserOf(network) == PrefixChooser.PROVIDER && use.staticIps().isEmpty()
            ? null
            : IpPrefix.containing(network.subnets().get(0).range().first(), length);
      }
    }
    return null;
  }

  private static PrefixChooser chooserOf(NetworkDefinition.Manual network) {
    return network.subnets().stream()
        .map(Subnet::chooser)
        .filter(chooser -> chooser == PrefixChooser.PROVIDER)
        .findFirst()
        .orElse(PrefixChooser.DIRECTOR);
  }

  private Optional<NetworkDefinition.Manual> manual(String name) {
    return deployment
        .networks()
        .find(name)
        .filter(NetworkDefinition.Manual.class::isInstance)
        .map(NetworkDefinition.Manual.class::cast);
  }

  private static int lengthOf(NetworkUse use, NetworkDefinition.Manual network) {
    Integer length = use.prefixLength();
    return length == null ? network.prefixLength() : length;
  }

  private void error(InstanceGroup group, String path, String code, String reason) {
    findings.add(
        Diagnostic.error(
            "instance_groups." + group.name() + "." + path,
            code,
            "provider " + provider + ": " + reason));
  }
}
