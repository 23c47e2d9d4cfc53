package io.dualstack.impl.cni.wrapper;

import io.dualstack.firewall.BackendKind;
import io.dualstack.firewall.CellFirewall;
import io.dualstack.impl.firewall.FirewallBackend;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The back ends of a process; one for a configuration, as they know what they did. */
final class OpenBackends {
  private final Map<Key, FirewallBackend> opened = new ConcurrentHashMap<>();
  private final Opener opener;

  OpenBackends(Opener opener) {
    this.opener = opener;
  }

  /** Opens a back end. */
  @FunctionalInterface
  interface Opener {
    /** Opens it. */
    FirewallBackend open(BackendKind kind, CellFirewall cell, Path lockFile);
  }

  private record Key(BackendKind kind, CellFirewall cell, Path lockFile) {}

  FirewallBackend of(WrapperConfig config) {
    return opened.computeIfAbsent(
        new Key(config.backend(), config.cell(), config.lockFile()),
        key -> opener.open(key.kind(), key.cell(), key.lockFile()));
  }
}
