package io.dualstack.impl.cni.garden;

import io.dualstack.impl.kernel.LockedFile;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Tool;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends connections of a container to the proxy in it, by rules in its own namespace: no packet
 * leaves it with another address, in either family. IPv6 gets the same rules as IPv4, since it
 * would pass the proxy by otherwise.
 */
final class ProxyRedirect {
  private final GardenConfig.Redirect config;

  ProxyRedirect(GardenConfig.Redirect config) {
    this.config = config;
  }

  /**
   * Puts the rules of a family in force, all or none; does nothing when none are configured.
   *
   * @throws io.dualstack.KernelException if the kernel refuses
   */
  void apply(Namespace container, IpFamily family) throws IOException {
    change(container, family, "-A");
  }

  /** Takes back what {@link #apply} did. */
  void remove(Namespace container, IpFamily family) throws IOException {
    change(container, family, "-D");
  }

  private void change(Namespace container, IpFamily family, String verb) throws IOException {
    List<String> rules = rules(family);
    if (rules.isEmpty()) {
      return;
    }
    StringBuilder script = new StringBuilder("*nat\n");
    rules.forEach(rule -> script.append(verb).append(' ').append(rule).append('\n'));
    script.append("COMMIT\n");
    String tool = family == IpFamily.IPV4 ? "iptables-restore" : "ip6tables-restore";
    try (LockedFile lock = LockedFile.open(config.lockFile())) {
      assert lock != null;
      String said =
          Tool.run(container, List.of(tool, "--noflush", "--wait", "5"), script.toString());
      assert said.isEmpty();
    }
  }

  private List<String> rules(IpFamily family) {
    List<String> rules = new ArrayList<>();
    String target = "-p tcp -j REDIRECT --to-ports " + config.port();
    @Nullable IpPrefix destinations = family == IpFamily.IPV4 ? config.ipv4() : config.ipv6();
    if (destinations != null) {
      rules.add("OUTPUT -d " + destinations + " " + target);
    }
    if (config.ingress()) {
      rules.add("PREROUTING " + target);
    }
    return rules;
  }
}
