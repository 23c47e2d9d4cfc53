package io.dualstack.impl.cni.link;

import io.dualstack.KernelException;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Nft;
import io.dualstack.impl.kernel.Tool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps containers from using sources that are not their own, in both families, and from speaking
 * as routers: one table of two rules for all containers of a host with IPv6.
 *
 * <p>A packet from a container passes only if its source is routed back over the device it came in
 * by. As the host has exactly the container's two addresses on that device, nothing else passes: no
 * link-local address either, which neighbor discovery would need and static neighbors don't. So
 * there is no rule per container to forget, and before a container's routes exist it is shut. It is
 * nftables, not the device's ingress qdisc, as the plugin {@code bandwidth} needs that. IPv4's
 * {@code rp_filter} alone would not do: {@code conf/all} at 2 makes every device's loose.
 *
 * <p>Devices are told by their group, so no other device of the host is touched. Hosts without IPv6
 * have no such table: their containers are held by {@code rp_filter}, as ever.
 */
public final class SourceGuard {
  /** The group of all host ends; none of the kernel's or a distribution's own. */
  static final int DEVICE_GROUP = 25715;

  /** The name of its table. */
  public static final String NAME = "dualstack_guard";

  private static final String TABLE = "inet " + NAME;

  /** Whole each time and in one transaction: there is no moment without it, whatever was before. */
  private static final String SCRIPT =
      """
      table %1$s
      delete table %1$s
      table %1$s {
        chain prerouting {
          type filter hook prerouting priority raw; policy accept;
          iifgroup %2$d fib saddr . iif oif missing drop
          iifgroup %2$d icmpv6 type { nd-router-advert, nd-redirect } drop
        }
      }
      """
          .formatted(TABLE, DEVICE_GROUP);

  private static final String REMOVAL = "table %1$s\ndelete table %1$s\n".formatted(TABLE);

  private final Namespace host;
  private volatile boolean installed;
  private @Nullable String listed;
  private @Nullable Nft nft;

  /** Guards a host. */
  public SourceGuard(Namespace host) {
    this.host = host;
  }

  /**
   * Puts the rules in force.
   *
   * @param hasOthers whether there are containers for which it was done. That is believed only
   *     after this object did it once: what is on disk outlives a reboot, rules don't
   */
  public void install(boolean hasOthers) {
    if (!hasOthers || !installed) {
      run(SCRIPT);
      installed = true;
    }
  }

  /**
   * Puts the rules in force again if they are not as this left them, such as after somebody flushed
   * the ruleset. Costs one listing when they are; not knowing how they were, this puts them.
   *
   * @return whether they were known, and had been changed
   */
  public synchronized boolean restore() {
    String known = listed;
    if (known != null && known.equals(list())) {
      return false;
    }
    run(SCRIPT);
    // What nft makes of the script is its own affair, and changes with its version.
    listed = list();
    return known != null;
  }

  private String list() {
    try {
      return Tool.run(host, List.of("nft", "list", "table", "inet", NAME), "");
    } catch (KernelException noSuchTable) {
      return "";
    }
  }

  /** Removes the rules; does nothing if there are none. */
  public void remove() {
    run(REMOVAL);
  }

  /** Kept open, as the kernel takes long to close it. */
  private synchronized void run(String script) {
    Nft kept = nft;
    if (kept == null) {
      kept = Nft.open(host);
      host.onClose(kept::close);
      nft = kept;
    }
    kept.run(script);
  }
}
