package io.dualstack.impl.allocation.check;

import io.dualstack.Diagnostic;
import io.dualstack.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is wrong with a store; of each kind and place the first hundred, and how many more. */
public final class Findings {

  private static final int MAX_OF_A_KIND = 100;

  private record Kind(String path, String code) {}

  private final String location;
  private final List<Diagnostic> all = new ArrayList<>();
  private final Map<Kind, Integer> counts = new LinkedHashMap<>();

  /** Starts with nothing, about the store of that location. */
  public Findings(String location) {
    this.location = location;
  }

  /** Adds an error about a part of the store, such as {@code space default}. */
  public void add(String path, String code, String message) {
    if (counts.merge(new Kind(path, code), 1, Integer::sum) <= MAX_OF_A_KIND) {
      all.add(error(path, code, message));
    }
  }

  void addAll(List<Diagnostic> found) {
    all.addAll(found);
  }

  private Diagnostic error(String path, String code, String message) {
    return new Diagnostic(Severity.ERROR, location, path, 0, 0, code, message);
  }

  /** Returns what was found, in order. */
  public List<Diagnostic> all() {
    List<Diagnostic> told = new ArrayList<>(all);
    counts.forEach(
        (kind, count) -> {
          if (count > MAX_OF_A_KIND) {
            told.add(
                error(
                    kind.path(),
                    kind.code(),
                    "and %d more like these".formatted(count - MAX_OF_A_KIND)));
          }
        });
    return List.copyOf(told);
  }
}
