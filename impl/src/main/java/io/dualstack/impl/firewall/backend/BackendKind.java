package io.dualstack.impl.firewall.backend;

import io.dualstack.firewall.CellFirewall;
import io.dualstack.impl.firewall.FirewallBackend;
import io.dualstack.impl.firewall.cell.CellModel;
import io.dualstack.impl.firewall.iptables.IptablesBackend;
import io.dualstack.impl.kernel.Namespace;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can enforce a cell's firewall. */
public enum BackendKind {
  /** The chains of the original, by iptables and ip6tables. */
  IPTABLES {
    @Override
    public FirewallBackend open(CellFirewall cell, Namespace host, Path lockFile) {
      return new IptablesBackend(new CellModel(cell), host, lockFile);
    }
  };

  /** Makes the back end of a cell; nothing is changed yet. */
  public abstract FirewallBackend open(CellFirewall cell, Namespace host, Path lockFile);

  /** Returns the name that configurations have for it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a name; an empty one is iptables.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public static BackendKind of(String label) {
    if (label.isEmpty()) {
      return IPTABLES;
    }
    return Arrays.stream(values())
        .filter(kind -> kind.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "\"%s\": is no back end; use %s"
                        .formatted(
                            label,
                            Arrays.stream(values())
                                .map(BackendKind::label)
                                .collect(Collectors.joining(" or ")))));
  }
}
