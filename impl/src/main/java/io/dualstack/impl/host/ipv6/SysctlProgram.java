package io.dualstack.impl.host.ipv6;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What one of the two programs that apply a host's files of sysctl.d writes to the kernel, in its
 * order, and what the kernel makes of it.
 */
final class SysctlProgram {
  /**
   * What the kernel gives to every device, and to those to come, when it is written to {@code all}.
   */
  private static final Set<String> FOR_ALL = Set.of("disable_ipv6", "forwarding");

  /** What the kernel begins with at {@code all}, for each of these. */
  private static final String INITIALLY = "0";

  private final List<SysctlLine> order;
  private final boolean skipsWhatIsThere;

  private SysctlProgram(List<SysctlLine> order, boolean skipsWhatIsThere) {
    this.order = order;
    this.skipsWhatIsThere = skipsWhatIsThere;
  }

  /**
   * As systemd-sysctl(8) does it at the start: of one key it writes the last value only, at the
   * place of the line that first gave it. A value that is there already isn't written, so that
   * {@code all} may come to nothing.
   */
  static SysctlProgram bySystemd(List<HostFile> dropIns) {
    Map<String, SysctlLine> byKey = new LinkedHashMap<>();
    for (HostFile file : dropIns) {
      for (SysctlLine line : SysctlLine.of(file)) {
        SysctlLine earlier = byKey.get(line.key());
        if (earlier == null || !Objects.equals(line.value(), earlier.value())) {
          byKey.remove(line.key());
          byKey.put(line.key(), line);
        }
      }
    }
    return new SysctlProgram(new ArrayList<>(byKey.values()), true);
  }

  /** As {@code sysctl --system} does it: line by line, {@code /etc/sysctl.conf} at the end. */
  static SysctlProgram byProcps(List<HostFile> dropIns, Optional<HostFile> sysctlConf) {
    List<SysctlLine> lines = new ArrayList<>();
    dropIns.forEach(file -> lines.addAll(SysctlLine.of(file)));
    sysctlConf.ifPresent(file -> lines.addAll(SysctlLine.of(file)));
    return new SysctlProgram(lines, false);
  }

  /** The line that decides a setting of a device that is there when the program runs. */
  Optional<SysctlLine> deciding(String device, String variable) {
    String own = SysctlLine.path(device, variable);
    String all = SysctlLine.path("all", variable);
    SysctlLine deciding = null;
    String valueOfAll = INITIALLY;
    for (SysctlLine line : order) {
      String value = line.value();
      if (value == null) {
        continue;
      }
      if (FOR_ALL.contains(variable) && writes(line, all)) {
        deciding = skipsWhatIsThere && value.equals(valueOfAll) ? deciding : line;
        valueOfAll = value;
      }
      deciding = writes(line, own) ? line : deciding;
    }
    return Optional.ofNullable(deciding);
  }

  /**
   * The line that decides it for a device that comes later: then only the lines that name it are
   * applied again.
   */
  Optional<SysctlLine> decidingLater(String device, String variable) {
    String own = SysctlLine.path(device, variable);
    return order.stream()
        .filter(line -> line.value() != null && writes(line, own))
        .reduce((earlier, later) -> later);
  }

  /** A pattern leaves alone what any line names. */
  private boolean writes(SysctlLine line, String path) {
    return line.key().equals(path) || (line.covers(path) && !isNamed(path));
  }

  private boolean isNamed(String path) {
    return order.stream().anyMatch(line -> line.key().equals(path));
  }
}
