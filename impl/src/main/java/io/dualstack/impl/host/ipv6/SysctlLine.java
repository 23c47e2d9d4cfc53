package io.dualstack.impl.host.ipv6;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * One line of a file of sysctl.d(5).
 *
 * @param key the path below {@code /proc/sys}; may be a pattern of glob(7)
 * @param value what is written there; null where the line only keeps patterns away from the key
 * @param file the file it is in
 * @param line its number
 */
record SysctlLine(String key, @Nullable String value, HostFile file, int line) {
  private static final String DEVICES = "net/ipv6/conf/";

  /** Reads the lines of a file that set something, or keep patterns away. */
  static List<SysctlLine> of(HostFile file) {
    List<SysctlLine> read = new ArrayList<>();
    List<String> lines = file.lines();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      int sign = line.indexOf('=');
      boolean optional = line.startsWith("-");
      if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
        continue;
      }
      if (sign >= 0) {
        String key = line.substring(optional ? 1 : 0, sign).strip();
        read.add(new SysctlLine(path(key), line.substring(sign + 1).strip(), file, i + 1));
      } else if (optional) {
        read.add(new SysctlLine(path(line.substring(1).strip()), null, file, i + 1));
      }
    }
    return read;
  }

  /** The separator that comes first is the one that was meant; the other is a part of a name. */
  private static String path(String key) {
    int slash = key.indexOf('/');
    int dot = key.indexOf('.');
    if (dot < 0 || (slash >= 0 && slash < dot)) {
      return key;
    }
    StringBuilder swapped = new StringBuilder(key.length());
    for (char each : key.toCharArray()) {
      swapped.append(each == '.' ? '/' : each == '/' ? '.' : each);
    }
    return swapped.toString();
  }

  /** The path of a setting of a device. */
  static String path(String device, String variable) {
    return DEVICES + device + "/" + variable;
  }

  /** The device, or the pattern for several; null if this is no setting of one. */
  @Nullable String device() {
    int end = key.lastIndexOf('/');
    return key.startsWith(DEVICES) && end > DEVICES.length()
        ? key.substring(DEVICES.length(), end)
        : null;
  }

  /** The setting's name. */
  String variable() {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  /** Whether this is about a setting of that name, of any device. */
  boolean isAbout(String variable) {
    return device() != null && variable().equals(variable);
  }

  boolean isPattern() {
    return key.matches(".*[*?\\[].*");
  }

  /** Whether the key is that path, or a pattern that has it. */
  boolean covers(String path) {
    if (key.equals(path) || !isPattern()) {
      return key.equals(path);
    }
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + key).matches(Path.of(path));
    } catch (PatternSyntaxException e) {
      return false;
    }
  }
}
