package io.dualstack.impl.host.ipv6;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A host's files in a directory: an image, or with the files of a kernel a running host. */
final class HostTree {
  private final Path root;

  HostTree(Path root) {
    this.root = root;
  }

  /** The stemcell that has IPv6 turned off at each of the three places, as an image. */
  static HostTree jammy(Path root) {
    return new HostTree(root)
        .file(
            "/boot/grub/grub.cfg",
            """
            menuentry 'Ubuntu' {
              linux /boot/vmlinuz-5.15 root=UUID=1 ro audit=1 ipv6.disable=1 console=ttyS0
              initrd /boot/initrd.img-5.15
            }
            """)
        .file(
            "/boot/efi/EFI/grub/grub.cfg", "linux /boot/vmlinuz-5.15 root=UUID=1 ipv6.disable=1\n")
        .file(
            "/etc/modprobe.d/blacklist.conf",
            "install usb-storage /bin/true\noptions ipv6 disable=1\nblacklist floppy\n")
        .file(
            "/etc/sysctl.d/60-bosh-sysctl.conf",
            """
            # security
            net.ipv4.conf.all.accept_redirects=0
            net.ipv6.conf.all.accept_ra=0
            net.ipv6.conf.default.accept_ra=0
            net.ipv6.conf.all.accept_redirects=0
            net.ipv6.conf.all.disable_ipv6=1
            net.ipv6.conf.default.disable_ipv6=1
            net.ipv6.route.flush=1
            """);
  }

  /** A kernel that does IPv6, with the devices that every machine has and a NIC. */
  HostTree running() {
    device("all", 0, 1, 0);
    device("default", 0, 1, 0);
    device("lo", 0, 1, 0);
    device("eth0", 0, 1, 0);
    return file("/proc/cmdline", "BOOT_IMAGE=/boot/vmlinuz root=UUID=1 ro\n")
        .file("/proc/net/if_inet6", "")
        .file("/sys/class/net/eth0/device/vendor", "0x1af4\n")
        .parameters(0, 0);
  }

  /** A kernel that was started without IPv6. */
  HostTree runningWithout(String commandLine) {
    return file("/proc/cmdline", commandLine + "\n").parameters(1, 0);
  }

  HostTree parameters(int disable, int disableSettings) {
    return file("/sys/module/ipv6/parameters/disable", disable + "\n")
        .file("/sys/module/ipv6/parameters/disable_ipv6", disableSettings + "\n");
  }

  HostTree device(String name, int disable, int acceptRouters, int forwarding) {
    Map.of("disable_ipv6", disable, "accept_ra", acceptRouters, "forwarding", forwarding)
        .forEach((variable, value) -> setting(name, variable, value));
    return this;
  }

  HostTree setting(String device, String variable, int value) {
    return file("/proc/sys/net/ipv6/conf/" + device + "/" + variable, value + "\n");
  }

  HostTree file(String path, String text) {
    try {
      Path file = root.resolve(path.substring(1));
      Files.createDirectories(file.getParent());
      Files.writeString(file, text, StandardCharsets.ISO_8859_1);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  HostTree link(String path, String target) {
    try {
      Path link = root.resolve(path.substring(1));
      Files.createDirectories(link.getParent());
      Files.createSymbolicLink(link, Path.of(target));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Ipv6Snapshot snapshot() {
    return new SnapshotReader(new HostRoot(root)).read();
  }

  Ipv6Report report() {
    return Ipv6Check.of(snapshot(), Need.ADDRESSES);
  }

  Ipv6Report cellReport() {
    return Ipv6Check.of(snapshot(), Need.CELL);
  }

  /** Puts a report's files where they belong. */
  HostTree take(Ipv6Report report) {
    report.files().forEach(this::file);
    return this;
  }
}
