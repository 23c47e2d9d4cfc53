package io.dualstack.impl.host.ipv6;

import io.dualstack.impl.host.ipv6.Ipv6Snapshot.RunningKernel;

/**
 * Says what keeps a host from IPv6 and what makes it right, of what was read of it. Nothing is read
 * or changed here; the same snapshot gives the same report.
 *
 * <p>IPv6 can be turned off at three places, which are independent of each other: by a parameter of
 * the boot loader, by an option of the module (where IPv6 is one), and by settings. The first two
 * leave a kernel without IPv6 until its next start; settings can be changed at any time.
 */
public final class Ipv6Check {
  private Ipv6Check() {}

  /** Compares a host with what it should be. */
  public static Ipv6Report of(Ipv6Snapshot snapshot, Need need) {
    ReportDraft draft = new ReportDraft();
    BootFiles.check(snapshot, draft);
    ModuleFiles.check(snapshot, draft);
    RunningKernel running = snapshot.running();
    if (running != null && running.isOff()) {
      checkMissing(running, snapshot, draft);
    }
    new SysctlFiles(snapshot, need).check(draft);
    return draft.done(running == null ? null : running.state());
  }

  private static void checkMissing(
      RunningKernel running, Ipv6Snapshot snapshot, ReportDraft draft) {
    if (!running.devices().isEmpty()) {
      draft.find(
          "/proc/net/if_inet6",
          "doesn't exist",
          "exists",
          "the kernel has settings of IPv6 and no table of its addresses: it is not usable");
      return;
    }
    switch (running.state().state()) {
      case DISABLED_AT_BOOT -> {
        draft.find(
            "/sys/module/ipv6/parameters/disable",
            "1",
            "0",
            "the kernel that runs has no IPv6 until its next start");
        draft.reboot();
      }
      case ABSENT, ENABLED, DISABLED_BY_SYSCTL -> {
        draft.find(
            "/proc/net/if_inet6",
            "doesn't exist",
            "exists",
            snapshot.builtIn()
                ? "the kernel has IPv6 built in, and doesn't offer it"
                : "the module ipv6 isn't loaded");
        if (snapshot.builtIn()) {
          draft.reboot();
        } else {
          draft.runLive("modprobe", "ipv6");
        }
      }
    }
  }
}
