package io.dualstack.impl.director.bosh;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.Severity;
import io.dualstack.director.Deployment;
import io.dualstack.director.DeploymentFiles;
import io.dualstack.net.IpRange;
import io.dualstack.net.IpSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Files that say what is wrong with them, line by line, in comments: {@code #! CODE path: message}
 * for an error and {@code #? CODE path: message} for a warning about that line; several on one line
 * follow one another. A message that ends in {@code ...} is the start of one. Nothing else may be
 * found.
 */
final class Annotated {

  private static final Pattern MARK = Pattern.compile("#([!?]) (\\w+) ?(\\S*?): (.*)");

  private Annotated() {}

  /** A finding without its column, which comments would be too hard to read with. */
  private record Finding(
      Severity severity, String source, String path, int line, String code, String message) {

    static Finding of(Diagnostic found) {
      return new Finding(
          found.severity(),
          found.source(),
          found.path(),
          found.line(),
          found.code(),
          found.message());
    }

    boolean isMeantBy(Finding start) {
      return start.message.endsWith("...")
          && message.startsWith(start.message.substring(0, start.message.length() - 3))
          && start.equals(new Finding(severity, source, path, line, code, start.message));
    }
  }

  /** Reads a cloud config and checks that exactly what its comments say is found. */
  static void check(String cloudConfig) {
    check(cloudConfig, null);
  }

  /** Reads both files and checks that exactly what their comments say is found. */
  static void check(String cloudConfig, String manifest) {
    List<Finding> expected = new ArrayList<>(expected("cloud-config", cloudConfig));
    if (manifest != null) {
      expected.addAll(expected("manifest", manifest));
    }
    List<Finding> found = new ArrayList<>();
    for (Diagnostic diagnostic : findings(cloudConfig, manifest)) {
      Finding whole = Finding.of(diagnostic);
      found.add(expected.stream().filter(whole::isMeantBy).findFirst().orElse(whole));
    }

    List<Finding> missing = new ArrayList<>(expected);
    found.forEach(missing::remove);
    List<Finding> unexpected = new ArrayList<>(found);
    expected.forEach(unexpected::remove);
    assertThat(lines(unexpected)).as("not found: %s%nfound as well", lines(missing)).isEmpty();
    assertThat(lines(found)).isEqualTo(lines(expected));
  }

  private static String lines(List<Finding> findings) {
    return findings.stream().map(Finding::toString).collect(Collectors.joining("\n"));
  }

  static List<Diagnostic> findings(String cloudConfig, String manifest, String... director) {
    try {
      return read(cloudConfig, manifest, director).warnings();
    } catch (InvalidConfigurationException e) {
      assertThat(e.diagnostics()).anyMatch(found -> found.severity() == Severity.ERROR);
      return e.diagnostics();
    }
  }

  static Deployment read(String cloudConfig, String manifest, String... director) {
    IpSet addresses = IpSet.of(Arrays.stream(director).map(IpRange::parse).toList());
    return new BoshReader().read(DeploymentFiles.of(cloudConfig, manifest), addresses);
  }

  private static List<Finding> expected(String source, String text) {
    List<Finding> expected = new ArrayList<>();
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      int start = lines[i].indexOf(" #");
      for (String part :
          start < 0 ? new String[0] : lines[i].substring(start).split(" (?=#[!?])")) {
        Matcher mark = MARK.matcher(part.strip());
        if (mark.matches()) {
          expected.add(
              new Finding(
                  mark.group(1).equals("!") ? Severity.ERROR : Severity.WARNING,
                  source,
                  mark.group(3),
                  i + 1,
                  mark.group(2),
                  mark.group(4)));
        }
      }
    }
    return expected;
  }
}
