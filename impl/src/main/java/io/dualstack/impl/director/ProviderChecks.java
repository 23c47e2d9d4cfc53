package io.dualstack.impl.director;

import io.dualstack.Diagnostic;
import io.dualstack.Severity;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.allocation.Subnet;
import io.dualstack.director.Deployment;
import io.dualstack.director.InstanceGroup;
import io.dualstack.director.NetworkUse;
import io.dualstack.net.IpFamily;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.FamilyCapabilities;
import io.dualstack.provider.NetworkProvider;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
    Map<String, List<NetworkUse>> nics = new LinkedHashMap<>();
    for (NetworkUse use : group.networks()) {
      if (deployment.networks().byName().get(use.network())
          instanceof NetworkDefinition.Manual manual) {
        checkNetwork(group, use, manual);
        Integer nicGroup = use.nicGroup();
        nics.computeIfAbsent(
                nicGroup == null ? use.network() : Integer.toString(nicGroup),
                key -> new ArrayList<>(3))
            .add(use);
      }
    }
    nics.forEach((nic, uses) -> checkNic(group, nic, uses));
  }

  private void checkNetwork(InstanceGroup group, NetworkUse use, NetworkDefinition.Manual network) {
    int length = lengthOf(use, network);
    if (length < network.family().bits()) {
      capabilities
          .refusePrefix(network.family(), length)
          .ifPresent(reason -> error(group, use, "PrefixNotSupported", reason));
      for (Subnet subnet : network.subnets()) {
        if (!capabilities.choosers().contains(subnet.chooser())) {
          PrefixChooser other =
              subnet.chooser() == PrefixChooser.DIRECTOR
                  ? PrefixChooser.PROVIDER
                  : PrefixChooser.DIRECTOR;
          error(
              group,
              use,
              "ChooserNotSupported",
              "the prefixes of subnet %s can't be chosen by the %s; set prefix_chosen_by to %s"
                  .formatted(
                      subnet.range(), lower(subnet.chooser().name()), lower(other.name())));
          break;
        }
      }
    } else if (capabilities.of(network.family()).isEmpty()) {
      error(group, use, "FamilyNotSupported", name(network.family()) + " is not supported");
    }
  }

  private void checkNic(InstanceGroup group, String nic, List<NetworkUse> uses) {
    Map<IpFamily, Integer> addresses = new EnumMap<>(IpFamily.class);
    Map<IpFamily, Integer> prefixes = new EnumMap<>(IpFamily.class);
    NetworkUse last = uses.get(uses.size() - 1);
    for (NetworkUse use : uses) {
      if (deployment.networks().byName().get(use.network())
          instanceof NetworkDefinition.Manual manual) {
        boolean delegated = lengthOf(use, manual) < manual.family().bits();
        (delegated ? prefixes : addresses).merge(manual.family(), 1, Integer::sum);
      }
    }
    if (!capabilities.dualStackNic() && addresses.size() > 1) {
      error(group, last, "DualStackNicNotSupported", "NIC " + nic + " can't carry both families");
    }
    for (IpFamily family : IpFamily.values()) {
      FamilyCapabilities can = capabilities.of(family).orElse(null);
      if (can == null) {
        continue;
      }
      int wantedAddresses = addresses.getOrDefault(family, 0);
      int wantedPrefixes = prefixes.getOrDefault(family, 0);
      if (wantedAddresses > can.addressesPerNic()) {
        error(
            group,
            last,
            "TooManyAddresses",
            "NIC %s has %d %s addresses; at most %d are supported"
                .formatted(nic, wantedAddresses, name(family), can.addressesPerNic()));
      }
      if (wantedPrefixes > can.prefixesPerNic()) {
        error(
            group,
            last,
            "TooManyPrefixes",
            "NIC %s has %d %s prefixes; at most %d are supported"
                .formatted(nic, wantedPrefixes, name(family), can.prefixesPerNic()));
      }
    }
  }

  private void error(InstanceGroup group, NetworkUse use, String code, String message) {
    findings.add(
        new Diagnostic(
            Severity.ERROR,
            "",
            "instance_groups." + group.name() + ".networks." + use.network(),
            0,
            0,
            code,
            "provider " + provider + ": " + message));
  }

  private static int lengthOf(NetworkUse use, NetworkDefinition.Manual network) {
    Integer length = use.prefixLength();
    return length == null ? network.prefixLength() : length;
  }

  private static String name(IpFamily family) {
    return family == IpFamily.IPV4 ? "IPv4" : "IPv6";
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
