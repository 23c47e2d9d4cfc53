package io.dualstack.impl.host.ipv6;

import io.dualstack.cell.HostIpv6;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A report in the making. */
final class ReportDraft {
  private final Map<List<String>, Ipv6Finding> findings = new LinkedHashMap<>();
  private final SortedMap<String, String> files = new TreeMap<>();
  private final List<List<String>> commands = new ArrayList<>();
  private final List<List<String>> live = new ArrayList<>();
  private boolean reboot;

  /** Adds what is wrong; the same line twice is once, with the first reason. */
  void find(String where, String what, String right, String why) {
    findings.putIfAbsent(List.of(where, what), new Ipv6Finding(where, what, right, why));
  }

  void write(String path, String text) {
    files.put(path, text);
  }

  /** Adds a command that is needed in any case. */
  void run(String... command) {
    commands.add(List.of(command));
  }

  /** Adds a command that changes the running kernel, and is needless if it is to be restarted. */
  void runLive(String... command) {
    live.add(List.of(command));
  }

  void reboot() {
    reboot = true;
  }

  Ipv6Report done(@Nullable HostIpv6 running) {
    List<List<String>> all = new ArrayList<>(commands);
    if (!reboot) {
      all.addAll(live);
    }
    return new Ipv6Report(running, new ArrayList<>(findings.values()), files, reboot, all);
  }
}
