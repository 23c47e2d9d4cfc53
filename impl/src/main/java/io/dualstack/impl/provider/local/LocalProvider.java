package io.dualstack.impl.provider.local;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.allocation.PrefixChooser;
import io.dualstack.net.IpFamily;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.FamilyCapabilities;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.provider.ProviderContext;
import io.dualstack.provider.ProviderSession;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Records in its journal what is attached to which machine, and operates nothing. It takes the
 * defined networks for the infrastructure, so it can check them, pick prefixes in them, and refuse
 * what is taken. Has no settings.
 *
 * <p>All sessions of one instance see one another's attachments at once. Sessions in several
 * processes read one another's journal entries, but two that pick at the same moment can pick the
 * same prefix; the allocator, which records every pick, then refuses one of them, and the director
 * has it picked again.
 */
public final class LocalProvider implements NetworkProvider {
  /** The name in configuration. */
  public static final String NAME = "local";

  private static final Set<PrefixChooser> EITHER = Set.of(PrefixChooser.values());

  /** Lengths that a delegated block sensibly has; numbers that no machine comes near. */
  static final Capabilities CAPABILITIES =
      new Capabilities(
          Map.of(
              IpFamily.IPV4, FamilyCapabilities.lengths(8, 31, 64, 64, EITHER),
              IpFamily.IPV6, FamilyCapabilities.lengths(16, 127, 64, 64, EITHER)),
          true);

  private final Object attaching = new Object();

  /** Creates the provider. */
  public LocalProvider() {}

  @Override
  public String name() {
    return NAME;
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
    List<Diagnostic> unknown =
        new TreeSet<>(context.settings().keySet())
            .stream()
                .map(
                    setting ->
                        Diagnostic.error(
                            "providers." + NAME + "." + setting,
                            "UnknownProviderSetting",
                            setting + ": the provider \"local\" has no settings; leave it out"))
                .toList();
    if (!unknown.isEmpty()) {
      throw new InvalidConfigurationException(unknown);
    }
    return new LocalSession(context, attaching);
  }
}
