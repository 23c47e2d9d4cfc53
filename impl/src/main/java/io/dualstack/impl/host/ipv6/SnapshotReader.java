package io.dualstack.impl.host.ipv6;

import io.dualstack.cell.HostIpv6;
import io.dualstack.impl.host.ipv6.Ipv6Snapshot.RunningKernel;
import io.dualstack.impl.kernel.HostIpv6Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads a host's files, and its kernel's if it runs. Changes nothing. */
public final class SnapshotReader {
  /** GRUB's, for BIOS and EFI, and those that the next run of update-grub makes them of. */
  private static final List<String> BOOT_FILES =
      List.of(
          "/etc/default/grub",
          "/boot/grub/grub.cfg",
          "/boot/grub/menu.lst",
          "/boot/efi/EFI/grub/grub.cfg");

  private static final String BOOT_DIRECTORY = "/etc/default/grub.d";
  private static final String DEVICES = "/proc/sys/net/ipv6/conf";
  private static final String KERNELS = "/lib/modules";

  private final HostRoot root;

  /** Reads below a root. */
  public SnapshotReader(HostRoot root) {
    this.root = root;
  }

  /**
   * Reads everything.
   *
   * @throws java.io.UncheckedIOException if a file is there and can't be read
   * @throws io.dualstack.KernelException if the kernel says what can't be understood
   */
  public Ipv6Snapshot read() {
    return new Ipv6Snapshot(
        root.read("/proc/cmdline").map(this::running).orElse(null),
        bootFiles(),
        DropIns.read(root, "modprobe.d"),
        builtIn(),
        DropIns.read(root, "sysctl.d"),
        root.read("/etc/sysctl.conf").orElse(null));
  }

  private List<HostFile> bootFiles() {
    Stream<String> parts =
        root.names(BOOT_DIRECTORY).stream()
            .filter(name -> name.endsWith(".cfg"))
            .map(name -> BOOT_DIRECTORY + "/" + name);
    return Stream.concat(BOOT_FILES.stream(), parts)
        .flatMap(path -> root.read(path).stream())
        .toList();
  }

  private RunningKernel running(HostFile commandLine) {
    Map<String, Map<String, String>> devices = new TreeMap<>();
    for (String device : root.names(DEVICES)) {
      Map<String, String> settings = new HashMap<>();
      for (String variable : Need.VARIABLES) {
        root.read(DEVICES + "/" + device + "/" + variable)
            .ifPresent(file -> settings.put(variable, file.text().strip()));
      }
      devices.put(device, settings);
    }
    return new RunningKernel(
        state(),
        commandLine,
        root.exists("/proc/net/if_inet6"),
        devices,
        devices.keySet().stream()
            .filter(device -> root.exists("/sys/class/net/" + device + "/device"))
            .collect(Collectors.toSet()));
  }

  private HostIpv6 state() {
    try {
      return new HostIpv6Check(root.path()).read();
    } catch (IOException e) {
      throw new UncheckedIOException(root.path().toString(), e);
    }
  }

  /** Of a running host only the kernel that runs counts. */
  private boolean builtIn() {
    Optional<String> release =
        root.read("/proc/sys/kernel/osrelease").map(file -> file.text().strip());
    List<String> lists = new ArrayList<>();
    for (String kernel : root.names(KERNELS)) {
      if (release.isEmpty() || release.get().equals(kernel)) {
        root.read(KERNELS + "/" + kernel + "/modules.builtin")
            .ifPresent(file -> lists.add(file.text()));
      }
    }
    return !lists.isEmpty() && lists.stream().allMatch(list -> list.contains("/ipv6.ko"));
  }
}
