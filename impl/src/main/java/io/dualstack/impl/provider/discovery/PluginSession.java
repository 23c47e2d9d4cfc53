package io.dualstack.impl.provider.discovery;

import io.dualstack.Diagnostic;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.provider.AttachOutcome;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderPool;
import io.dualstack.provider.ProviderSession;
import java.util.Collection;
import java.util.List;

/** A session of a provider that lives in a plugin. */
final class PluginSession implements ProviderSession {
  private final ProviderSession session;
  private final PluginProvider plugin;

  PluginSession(ProviderSession session, PluginProvider plugin) {
    this.session = session;
    this.plugin = plugin;
  }

  @Override
  public List<ProviderPool> pools() {
    return plugin.work(session::pools);
  }

  @Override
  public List<Diagnostic> verify(NetworkSet networks) {
    return plugin.work(() -> session.verify(networks));
  }

  @Override
  public List<AttachOutcome> attach(List<NicRequest> requests) {
    return plugin.work(() -> session.attach(requests));
  }

  @Override
  public void detach(Collection<AttachedNic> nics) {
    plugin.work(
        () -> {
          session.detach(nics);
          return true;
        });
  }

  @Override
  public List<AttachedNic> attached(OwnerScope scope) {
    return plugin.work(() -> session.attached(scope));
  }

  @Override
  public void close() {
    plugin.work(
        () -> {
          session.close();
          return true;
        });
  }
}
