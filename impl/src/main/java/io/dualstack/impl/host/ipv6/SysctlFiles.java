package io.dualstack.impl.host.ipv6;

import io.dualstack.impl.host.ipv6.Ipv6Snapshot.RunningKernel;
import io.dualstack.impl.host.ipv6.Need.Wrong;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's settings: as they are, and as both programs that apply files make them. What is
 * wrong is set right by one file that is applied last, whichever files were there before; only
 * {@code /etc/sysctl.conf} can't be outdone, and is changed itself.
 */
final class SysctlFiles {
  private static final String DIRECTORY = "/etc/sysctl.d/";
  private static final String NAME = "99-zz-dualstack-ipv6.conf";
  private static final String ENDING = "_dualstack-ipv6.conf";

  /** Routers must be heard in spite of forwarding before forwarding comes. */
  private static final Comparator<Key> ORDER =
      Comparator.<Key, Integer>comparing(key -> Need.VARIABLES.indexOf(key.variable()))
          .thenComparing(key -> !key.device().equals("all"))
          .thenComparing(key -> !key.device().equals("default"))
          .thenComparing(Key::device);

  /** A setting of a device, or of a pattern of devices. */
  private record Key(String device, String variable) {}

  private final @Nullable RunningKernel running;
  private final List<HostFile> dropIns;
  private final @Nullable HostFile sysctlConf;
  private final Need need;
  private final List<SysctlProgram> programs;
  private final Map<Key, String> right = new TreeMap<>(ORDER);

  SysctlFiles(Ipv6Snapshot snapshot, Need need) {
    this.running = snapshot.running();
    this.dropIns = snapshot.dropIns();
    this.sysctlConf = snapshot.sysctlConf();
    this.need = need;
    this.programs =
        List.of(
            SysctlProgram.bySystemd(dropIns),
            SysctlProgram.byProcps(dropIns, Optional.ofNullable(sysctlConf)));
  }

  void check(ReportDraft draft) {
    boolean now = checkRunning(draft);
    boolean later = checkFiles(draft);
    if (!now && !later) {
      return;
    }
    String path = DIRECTORY + name();
    String text = dropIn();
    if (dropIns.stream().noneMatch(file -> file.path().equals(path) && file.text().equals(text))) {
      draft.write(path, text);
    }
    correctSysctlConf(draft);
    if (running != null && (now || running.isOff())) {
      // Tolerant of devices that are named in files and not there.
      draft.runLive("sysctl", "-e", "-p", path);
    }
  }

  private boolean checkRunning(ReportDraft draft) {
    boolean wrong = false;
    if (running == null || running.isOff()) {
      return false;
    }
    for (String device : running.devices().keySet()) {
      if (!isOurs(device)) {
        continue;
      }
      for (String variable : Need.VARIABLES) {
        String value = running.value(device, variable);
        Optional<Wrong> judged = value == null ? Optional.empty() : judge(device, variable, value);
        if (judged.isPresent()) {
          wrong = true;
          right.put(new Key(device, variable), judged.get().right());
          draft.find(
              "/proc/sys/" + SysctlLine.path(device, variable),
              String.valueOf(value),
              judged.get().right(),
              judged.get().why() + ", now");
        }
      }
    }
    return wrong;
  }

  private boolean isOurs(String device) {
    return Set.of("all", "default", "lo").contains(device) || isUplink(device);
  }

  private boolean isUplink(String device) {
    return running != null && running.hardware().contains(device);
  }

  private Optional<Wrong> judge(String device, String variable, String value) {
    return need.judge(device, isUplink(device), variable, value);
  }

  private boolean checkFiles(ReportDraft draft) {
    boolean wrong = false;
    for (String variable : Need.VARIABLES) {
      for (String device : devices(variable)) {
        List<SysctlLine> deciding =
            programs.stream()
                .flatMap(
                    program ->
                        Stream.of(
                            program.deciding(device, variable),
                            program.decidingLater(device, variable)))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
        for (SysctlLine line : deciding) {
          Optional<Wrong> judged = judge(device, variable, String.valueOf(line.value()));
          if (judged.isPresent()) {
            wrong = true;
            if (line.isPattern()) {
              right.put(new Key(device, variable), judged.get().right());
            }
            draft.find(
                line.file().at(line.line()),
                spelled(line.key()) + " = " + line.value(),
                judged.get().right(),
                judged.get().why() + ", once the files are applied");
          }
        }
        if (deciding.isEmpty() && need.mustBeSet(device, variable)) {
          wrong = true;
          Wrong judged = judge(device, variable, "0").orElseThrow();
          right.put(new Key(device, variable), judged.right());
          draft.find(
              DIRECTORY,
              spelled(SysctlLine.path(device, variable)) + " isn't set",
              judged.right(),
              judged.why() + ", from the next start on");
        }
      }
    }
    return wrong;
  }

  /** Every device that a setting can be of: those that are there, and those that files name. */
  private SortedSet<String> devices(String variable) {
    SortedSet<String> devices = new TreeSet<>(Set.of("all", "default", "lo"));
    if (running != null) {
      devices.addAll(running.hardware());
    }
    lines()
        .filter(line -> line.isAbout(variable))
        .flatMap(line -> Stream.ofNullable(line.device()))
        .forEach(devices::add);
    return devices;
  }

  private Stream<SysctlLine> lines() {
    return Stream.concat(dropIns.stream(), Stream.ofNullable(sysctlConf))
        .flatMap(file -> SysctlLine.of(file).stream())
        .filter(line -> line.value() != null);
  }

  /**
   * The file's text. It repeats each key that any file sets wrong, also one that another file sets
   * right again: of a repeated value systemd keeps the first place, which may be before the wrong
   * one of another key.
   */
  private String dropIn() {
    right.put(new Key("all", Need.DISABLE), "0");
    right.put(new Key("default", Need.DISABLE), "0");
    lines()
        .forEach(
            line -> {
              String device = line.device();
              if (device != null && Need.VARIABLES.contains(line.variable())) {
                Key key = new Key(device, line.variable());
                if (isOwn(line.file())) {
                  right.putIfAbsent(key, String.valueOf(line.value()));
                }
                wrong(line).ifPresent(judged -> right.put(key, judged.right()));
              }
            });
    StringBuilder text = new StringBuilder("# IPv6 is on. Written by: dualstack host render\n");
    right.forEach(
        (key, value) ->
            text.append(spelled(SysctlLine.path(key.device(), key.variable())))
                .append(" = ")
                .append(value)
                .append('\n'));
    return text.toString();
  }

  /** With dots, as is usual, unless a device has one in its name. */
  private static String spelled(String path) {
    return path.contains(".") ? path : path.replace('/', '.');
  }

  /** A name that comes after every file that says anything about what we set. */
  private String name() {
    return dropIns.stream()
        .filter(file -> !isOwn(file))
        .filter(
            file ->
                SysctlLine.of(file).stream()
                    .anyMatch(line -> Need.VARIABLES.stream().anyMatch(line::isAbout)))
        .map(HostFile::name)
        .filter(name -> name.compareTo(NAME) > 0)
        .max(Comparator.naturalOrder())
        .map(name -> name.substring(0, name.length() - ".conf".length()) + ENDING)
        .orElse(NAME);
  }

  private static boolean isOwn(HostFile file) {
    return file.name().equals(NAME) || file.name().endsWith(ENDING);
  }

  private void correctSysctlConf(ReportDraft draft) {
    if (sysctlConf == null) {
      return;
    }
    List<String> lines = new ArrayList<>(sysctlConf.lines());
    for (SysctlLine line : SysctlLine.of(sysctlConf)) {
      String old = lines.get(line.line() - 1);
      wrong(line)
          .ifPresent(
              judged ->
                  lines.set(
                      line.line() - 1,
                      old.substring(0, old.indexOf('=') + 1) + " " + judged.right()));
    }
    if (!lines.equals(sysctlConf.lines())) {
      draft.write(sysctlConf.target(), String.join("\n", lines));
    }
  }

  /** What is wrong about a line of a file by itself, whatever others say. */
  private Optional<Wrong> wrong(SysctlLine line) {
    String device = line.device();
    String value = line.value();
    return device == null || value == null
        ? Optional.empty()
        : judge(device, line.variable(), value);
  }
}
