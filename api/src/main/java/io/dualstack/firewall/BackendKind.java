package io.dualstack.firewall;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What of the kernel enforces a cell's firewall. */
public enum BackendKind {
  /** The chains that cells have always had, by iptables and ip6tables. */
  IPTABLES,
  /** One table of nftables, in which a packet costs the same however many rules there are. */
  NFTABLES;

  /** {@return the name that configurations have for it} */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a name.
   *
   * @param label such as {@code iptables}; an empty one is that
   * @return the kind
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
