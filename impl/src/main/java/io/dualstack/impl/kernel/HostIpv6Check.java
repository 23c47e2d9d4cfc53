package io.dualstack.impl.kernel;

import io.dualstack.KernelException;
import io.dualstack.cell.HostIpv6;
import io.dualstack.cell.HostIpv6.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads from the kernel whether it does IPv6. What the files mean is in the kernel's {@code
 * Documentation/networking/ipv6.rst} and {@code ip-sysctl.rst}.
 */
public final class HostIpv6Check {
  private final Path settings;
  private final Path module;

  /** Reads the kernel of this machine. */
  public HostIpv6Check() {
    this(Path.of("/"));
  }

  /** Reads the files of a kernel below another root. */
  public HostIpv6Check(Path root) {
    this.settings = root.resolve("proc/sys/net/ipv6");
    this.module = root.resolve("sys/module/ipv6");
  }

  /** Reads the state of a namespace. The module and its parameters are the whole machine's. */
  public HostIpv6 read(Namespace namespace) {
    return namespace.call(this::read);
  }

  /**
   * Reads the state of the calling thread's own namespace, without the library for others.
   *
   * @throws IOException if a file is there and can't be read
   * @throws KernelException if one has no flag in it
   */
  public HostIpv6 read() throws IOException {
    if (!Files.exists(settings)) {
      return withoutSettings();
    }
    Path all = settings.resolve("conf/all/disable_ipv6");
    // The boot parameter turns off what devices begin with, and leaves the setting for all at 0.
    boolean booted = isOn(parameter("disable_ipv6"));
    if (!isOn(all) && !(booted && isOn(settings.resolve("conf/default/disable_ipv6")))) {
      return new HostIpv6(State.ENABLED, settings + " exists and " + all + " is 0");
    }
    return booted
        ? new HostIpv6(
            State.DISABLED_AT_BOOT,
            "%s is 1: the kernel was started with ipv6.disable_ipv6=1; remove that boot parameter, or write 0 to %s"
                .formatted(parameter("disable_ipv6"), all))
        : new HostIpv6(
            State.DISABLED_BY_SYSCTL,
            "%s is 1; set net.ipv6.conf.all.disable_ipv6 to 0, also in /etc/sysctl.d"
                .formatted(all));
  }

  private HostIpv6 withoutSettings() throws IOException {
    return isOn(parameter("disable"))
        ? new HostIpv6(
            State.DISABLED_AT_BOOT,
            "%s is 1: the kernel was started with ipv6.disable=1; remove that boot parameter and start it again"
                .formatted(parameter("disable")))
        : new HostIpv6(
            State.ABSENT,
            "%s does not exist: the module ipv6 is not loaded, or the kernel was built without; load it with modprobe ipv6"
                .formatted(settings));
  }

  private Path parameter(String name) {
    return module.resolve("parameters").resolve(name);
  }

  private static boolean isOn(Path file) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    String value = Files.readString(file).strip();
    return switch (value) {
      case "0", "N" -> false;
      case "1", "Y" -> true;
      default -> throw new KernelException("read " + file, "\"" + value + "\" is no flag", null);
    };
  }
}
