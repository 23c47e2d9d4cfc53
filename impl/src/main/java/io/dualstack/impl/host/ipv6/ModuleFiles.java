package io.dualstack.impl.host.ipv6;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What modprobe(8) is told about the module ipv6, by modprobe.d(5). It counts only where IPv6 is a
 * module; many kernels have it built in.
 */
final class ModuleFiles {
  private static final String DIRECTORY = "/etc/modprobe.d/";
  private static final String MODULE = "ipv6";

  /** What the kernel asks for when a program opens the first socket of IPv6. */
  private static final String FAMILY = "net-pf-10";

  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final Set<String> DOING_NOTHING = Set.of("true", "false", ":", "nologin");

  private ModuleFiles() {}

  static void check(Ipv6Snapshot snapshot, ReportDraft draft) {
    if (snapshot.builtIn()) {
      return;
    }
    for (HostFile file : snapshot.moduleFiles()) {
      List<String> changed = new ArrayList<>();
      boolean wrong = false;
      List<String> lines = file.lines();
      for (int i = 0; i < lines.size(); i++) {
        int first = i;
        StringBuilder whole = new StringBuilder(lines.get(i));
        while (whole.toString().endsWith("\\") && i + 1 < lines.size()) {
          whole.setLength(whole.length() - 1);
          whole.append(lines.get(++i));
        }
        Line line = new Line(List.of(BLANKS.split(whole.toString().strip())));
        if (line.keepsIpv6Away()) {
          wrong = true;
          draft.find(
              file.at(first + 1), String.join(" ", line.words()), line.right(), line.meaning());
          lines.subList(first, i + 1).forEach(old -> changed.add("# " + old.replace("\\", "")));
          if (line.hasRest()) {
            changed.add(line.right());
          }
        } else {
          changed.addAll(lines.subList(first, i + 1));
        }
      }
      if (wrong) {
        // A file of a package is not changed but overruled by one of the same name.
        String path = file.path().startsWith(DIRECTORY) ? file.target() : DIRECTORY + file.name();
        draft.write(path, String.join("\n", changed));
      }
    }
  }

  private record Line(List<String> words) {
    private String word(int index) {
      return index < words.size() ? words.get(index) : "";
    }

    boolean keepsIpv6Away() {
      boolean isModule = word(1).equals(MODULE);
      return switch (word(0)) {
        case "options" -> isModule && !rest().equals(words);
        case "install" -> isModule && doesNothing(word(2));
        case "blacklist" -> isModule;
        case "alias" -> (isModule || word(1).equals(FAMILY)) && word(2).equals("off");
        default -> false;
      };
    }

    private static boolean doesNothing(String command) {
      return DOING_NOTHING.contains(command.substring(command.lastIndexOf('/') + 1));
    }

    /** An option that turns IPv6 off counts even if a later one turns it on: files may go. */
    private List<String> rest() {
      return words.stream()
          .filter(
              word ->
                  !(word.startsWith("disable=") || word.startsWith("disable_ipv6="))
                      || !BootFiles.isOn(word.substring(word.indexOf('=') + 1)))
          .toList();
    }

    boolean hasRest() {
      return word(0).equals("options") && rest().size() > 2;
    }

    String right() {
      return hasRest() ? String.join(" ", rest()) : "no such line";
    }

    String meaning() {
      return switch (word(0)) {
        case "options" -> "the module does no IPv6 once it is loaded";
        case "blacklist" -> "the module isn't loaded when it is needed";
        default -> "the module is never loaded";
      };
    }
  }
}
