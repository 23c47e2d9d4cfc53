package io.dualstack.testkit.provider;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.net.IpFamily;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.FamilyCapabilities;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.provider.ProviderContext;
import io.dualstack.provider.ProviderSession;
import io.dualstack.provider.support.ReconcilingOptions;
import io.dualstack.provider.support.ReconcilingSession;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A provider over an infrastructure in memory. */
final class ReconcilingProvider implements NetworkProvider {
  static final Capabilities CAPABILITIES =
      new Capabilities(
          Map.of(
              IpFamily.IPV4,
              FamilyCapabilities.lengths(28, 28, 1, 1, Set.of(PrefixChooser.values())),
              IpFamily.IPV6,
              FamilyCapabilities.lengths(80, 80, 1, 1, Set.of(PrefixChooser.values()))),
          true);

  private final ReconcilingOptions options;
  private final InMemoryNicOperations operations;

  ReconcilingProvider(InMemoryNicOperations operations, ReconcilingOptions options) {
    this.operations = operations;
    this.options = options;
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public int apiVersion() {
    return API_VERSION;
  }

  @Override
  public Capabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public ProviderSession open(ProviderContext context) {
    context
        .settings()
        .keySet()
        .forEach(
            setting -> {
              throw new InvalidConfigurationException(
                  List.of(Diagnostic.error(setting, "Unknown", setting + ": unknown")));
            });
    return new ReconcilingSession(name(), CAPABILITIES, context, operations, options);
  }
}
