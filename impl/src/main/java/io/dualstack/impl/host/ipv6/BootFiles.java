package io.dualstack.impl.host.ipv6;

import io.dualstack.impl.host.ipv6.Ipv6Snapshot.RunningKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernel's parameters, in the boot loader's files and as the running kernel was given them.
 * Their meaning is in the kernel's {@code Documentation/networking/ipv6.rst}.
 */
final class BootFiles {
  private static final String DISABLE = "ipv6.disable";
  private static final String DISABLE_SETTINGS = "ipv6.disable_ipv6";

  private BootFiles() {}

  static void check(Ipv6Snapshot snapshot, ReportDraft draft) {
    RunningKernel running = snapshot.running();
    if (running != null) {
      checkRunning(running, draft);
    }
    boolean loader = false;
    boolean source = false;
    for (HostFile file : snapshot.bootFiles()) {
      boolean changed = checkFile(file, draft);
      boolean isSource = file.path().startsWith("/etc/");
      loader |= !isSource;
      source |= changed && isSource;
    }
    if (source && !loader) {
      draft.run("update-grub");
    }
  }

  private static void checkRunning(RunningKernel running, ReportDraft draft) {
    String line = running.commandLine().text();
    for (String name : List.of(DISABLE, DISABLE_SETTINGS)) {
      // In force only while its effect is there; settings may have been changed since.
      boolean inForce =
          name.equals(DISABLE)
              ? running.isOff()
              : "1".equals(running.value("default", Need.DISABLE));
      if (inForce && isOn(line, name)) {
        draft.find(running.commandLine().at(1), name + "=1", "no " + name, meaning(name) + ", now");
        if (name.equals(DISABLE)) {
          draft.reboot();
        }
      }
    }
  }

  private static boolean checkFile(HostFile file, ReportDraft draft) {
    List<String> changed = new ArrayList<>();
    List<String> lines = file.lines();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      for (String name : List.of(DISABLE, DISABLE_SETTINGS)) {
        if (!line.stripLeading().startsWith("#") && isOn(line, name)) {
          draft.find(
              file.at(i + 1),
              name + "=1",
              "no " + name,
              meaning(name) + ", from the next start on");
          line = without(line, name);
        }
      }
      changed.add(line);
    }
    if (changed.equals(lines)) {
      return false;
    }
    draft.write(file.target(), String.join("\n", changed));
    return true;
  }

  private static String meaning(String name) {
    return name.equals(DISABLE)
        ? "the kernel does no IPv6 at all"
        : "every device begins with IPv6 turned off";
  }

  /** Of several of one name the last one counts. */
  private static boolean isOn(String line, String name) {
    Matcher matcher = parameter(name).matcher(line);
    boolean on = false;
    while (matcher.find()) {
      on = isOn(matcher.group(1));
    }
    return on;
  }

  /** Whether the kernel takes a value of a module's parameter for another number than 0. */
  static boolean isOn(String value) {
    try {
      return Integer.decode(value) != 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static String without(String line, String name) {
    String shorter = Pattern.compile("[ \t]" + parameter(name)).matcher(line).replaceAll("");
    return Pattern.compile(parameter(name) + "[ \t]?").matcher(shorter).replaceAll("");
  }

  private static Pattern parameter(String name) {
    return Pattern.compile("(?<![\\w.-])" + Pattern.quote(name) + "=([^\\s\"'\\\\]*)");
  }
}
