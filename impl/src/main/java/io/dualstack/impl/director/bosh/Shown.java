package io.dualstack.impl.director.bosh;

import java.util.List;
import java.util.regex.Pattern;

/** How values of files appear in messages: on one line, of bearable length. */
final class Shown {

  private static final int LONGEST = 80;
  private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_.:/+-]+( ?- ?[0-9a-fA-F.:]+)?");

  private Shown() {}

  /** The text itself; in quotes when it could be taken for a part of the sentence. */
  static String text(String value) {
    if (value.length() <= LONGEST && BARE.matcher(value).matches()) {
      return value;
    }
    StringBuilder shown = new StringBuilder("\"");
    int end = Math.min(value.length(), LONGEST);
    for (int i = 0; i < end; i++) {
      char c = value.charAt(i);
      if (Character.isISOControl(c)) {
        shown.append("\\u%04x".formatted((int) c));
      } else {
        shown.append(c);
      }
    }
    return shown.append(end < value.length() ? "…\"" : "\"").toString();
  }

  /** Names with commas between, the last after "and"; at most ten of them. */
  static String list(List<String> names) {
    int shown = Math.min(names.size(), 10);
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < shown; i++) {
      if (i > 0) {
        list.append(i == names.size() - 1 ? " and " : ", ");
      }
      list.append(text(names.get(i)));
    }
    return shown < names.size()
        ? list.append(" and ").append(names.size() - shown).append(" more").toString()
        : list.toString();
  }
}
