package io.dualstack.impl.director.bosh;

import io.dualstack.Diagnostic;
import io.dualstack.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Collects what is wrong, in whatever order it is noticed, and gives it back in the order of the
 * files. Not thread-safe.
 */
final class Findings {

  /** More than anybody reads. */
  private static final int MOST = 10_000;

  /** Tells a caller that there are so many findings that nothing more is looked at. */
  static final class Full extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private record Finding(int file, Diagnostic diagnostic) {}

  private static final Comparator<Finding> IN_ORDER =
      Comparator.comparingInt(Finding::file)
          .thenComparingInt(finding -> finding.diagnostic().line())
          .thenComparingInt(finding -> finding.diagnostic().column());

  private final Set<Finding> found = new LinkedHashSet<>();
  private int errors;

  /** Refuses a value; the message starts with it. */
  void error(Place place, String code, String message) {
    if (add(Severity.ERROR, place, code, message)) {
      errors++;
    }
  }

  /** Accepts a value that was probably not meant; the message starts with it. */
  void warning(Place place, String code, String message) {
    add(Severity.WARNING, place, code, message);
  }

  private boolean add(Severity severity, Place place, String code, String message) {
    if (found.size() >= MOST) {
      throw new Full();
    }
    return found.add(
        new Finding(
            place.file().order(),
            new Diagnostic(
                severity,
                place.file().name(),
                place.path(),
                place.line(),
                place.column(),
                code,
                message)));
  }

  /** How many errors there are so far; the same before and after reading a part that is right. */
  int errors() {
    return errors;
  }

  /** All findings: cloud config first, then by line and column. */
  List<Diagnostic> inOrder() {
    List<Diagnostic> ordered =
        found.stream()
            .sorted(IN_ORDER)
            .map(Finding::diagnostic)
            .collect(Collectors.toCollection(ArrayList::new));
    if (ordered.size() >= MOST) {
      ordered.add(
          Diagnostic.error(
              "",
              "TooManyFindings",
              "there are %d findings or more; correct these first".formatted(MOST)));
    }
    return ordered;
  }
}
