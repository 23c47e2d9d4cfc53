package io.dualstack.impl.lease.agent;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.cell.HostIpv6;
import io.dualstack.lease.AgentConfig;
import io.dualstack.net.IpPrefix;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides whether a cell's IPv6 prefix is used. */
final class CellPrefix {

  private static final Logger LOG = LoggerFactory.getLogger(CellPrefix.class);

  private CellPrefix() {}

  /**
   * Decides.
   *
   * @param host asked only if it matters
   * @return the prefix; null when the cell does IPv4 only
   * @throws InvalidConfigurationException if IPv6 is required and can't be had, saying why
   */
  static @Nullable IpPrefix decide(AgentConfig config, Supplier<HostIpv6> host) {
    IpPrefix prefix = config.ipv6Prefix();
    switch (config.ipv6()) {
      case OFF -> {
        return null;
      }
      case WHEN_POSSIBLE -> {
        if (prefix != null) {
          HostIpv6 state = host.get();
          if (state.isEnabled()) {
            return prefix;
          }
          LOG.atWarn()
              .addKeyValue("ipv6_prefix", prefix)
              .log("the host has no IPv6, containers get IPv4 only: {}", state.reason());
        }
        return null;
      }
      case REQUIRED -> {
        if (prefix == null) {
          throw refused(
              "/ipv6_prefix",
              "Ipv6PrefixMissing",
              "is missing though enable_ipv6 is true; give the prefix that is routed to this cell");
        }
        HostIpv6 state = host.get();
        if (!state.isEnabled()) {
          throw refused(
              "/enable_ipv6",
              "HostWithoutIpv6",
              "true, but the host has no IPv6: " + state.reason());
        }
        return prefix;
      }
    }
    throw new IllegalStateException(config.ipv6() + ": is no known choice");
  }

  private static InvalidConfigurationException refused(String path, String code, String message) {
    return new InvalidConfigurationException(List.of(Diagnostic.error(path, code, message)));
  }
}
