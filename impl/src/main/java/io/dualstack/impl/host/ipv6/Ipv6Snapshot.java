package io.dualstack.impl.host.ipv6;

import io.dualstack.cell.HostIpv6;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that decides whether a host does IPv6, now and after its next start. Immutable.
 *
 * @param running the kernel that runs; null for an image
 * @param bootFiles the boot loader's files that are there
 * @param moduleFiles the files of modprobe.d that count, in the order in which they are read
 * @param builtIn whether every kernel of the host is known to have IPv6 built in, so that no file
 *     of modprobe.d is asked
 * @param dropIns the files of sysctl.d that count, in the order in which they are applied
 * @param sysctlConf {@code /etc/sysctl.conf}, which the command {@code sysctl} applies last; null
 *     if it isn't there
 */
public record Ipv6Snapshot(
    @Nullable RunningKernel running,
    List<HostFile> bootFiles,
    List<HostFile> moduleFiles,
    boolean builtIn,
    List<HostFile> dropIns,
    @Nullable HostFile sysctlConf) {

  /** Copies the lists. */
  public Ipv6Snapshot {
    bootFiles = List.copyOf(bootFiles);
    moduleFiles = List.copyOf(moduleFiles);
    dropIns = List.copyOf(dropIns);
  }

  /**
   * What a running kernel says.
   *
   * @param state whether it does IPv6, and why not
   * @param commandLine what it was started with
   * @param addressTable whether it has a table of IPv6 addresses, {@code /proc/net/if_inet6}
   * @param devices its settings by device and name; {@code all} and {@code default} are among the
   *     devices. Empty if it does no IPv6
   * @param hardware the devices that are no mere software; software's owners may have turned IPv6
   *     off there on purpose
   */
  public record RunningKernel(
      HostIpv6 state,
      HostFile commandLine,
      boolean addressTable,
      Map<String, Map<String, String>> devices,
      Set<String> hardware) {

    /** Copies the collections. */
    public RunningKernel {
      Map<String, Map<String, String>> copy = new TreeMap<>();
      devices.forEach((device, settings) -> copy.put(device, Map.copyOf(settings)));
      devices = Collections.unmodifiableMap(copy);
      hardware = Set.copyOf(hardware);
    }

    /** Whether it has no IPv6 at all, not even settings. */
    boolean isOff() {
      return devices.isEmpty() || !addressTable;
    }

    /** The value of a setting; null if there is none. */
    @Nullable String value(String device, String variable) {
      return devices.getOrDefault(device, Map.of()).get(variable);
    }
  }
}
