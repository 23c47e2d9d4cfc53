package io.dualstack.impl.director.bosh;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that was probably meant. */
final class NearestKey {

  /** Beyond this a name is no typing error any more, and comparing costs the square of it. */
  private static final int LONGEST = 64;

  private NearestKey() {}

  /** The known name with the fewest slips; empty when none is near. */
  static Optional<String> of(String name, Collection<String> known) {
    String wanted = name.toLowerCase(Locale.ROOT);
    String nearest = "";
    int fewest = Math.max(1, Math.min(3, name.length() / 3)) + 1;
    for (String candidate : known) {
      if (Math.abs(candidate.length() - wanted.length()) < fewest && wanted.length() <= LONGEST) {
        int slips = slips(wanted, candidate.toLowerCase(Locale.ROOT));
        if (slips < fewest) {
          nearest = candidate;
          fewest = slips;
        }
      }
    }
    return nearest.isEmpty() ? Optional.empty() : Optional.of(nearest);
  }

  /** The question to put behind a message; empty when no name is near. */
  static String question(String name, Collection<String> known) {
    return of(name, known).map(" did you mean %s?"::formatted).orElse("");
  }

  /** Letters to insert, drop, replace or swap with their neighbour. */
  private static int slips(String a, String b) {
    int[] before = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] now = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      now[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        now[j] = Math.min(replaced, Math.min(last[j], now[j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          now[j] = Math.min(now[j], before[j - 2] + 1);
        }
      }
      int[] oldest = before;
      before = last;
      last = now;
      now = oldest;
    }
    return last[b.length()];
  }
}
