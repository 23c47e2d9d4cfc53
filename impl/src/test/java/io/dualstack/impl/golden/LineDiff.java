package io.dualstack.impl.golden;

import java.util.ArrayList;
import java.util.List;

/** The lines of two texts side by side: the longest common subsequence, the rest marked. */
final class LineDiff {

  private LineDiff() {}

  /** Blanks at the end of a line and a missing line feed at the end of the text can be seen. */
  static String of(String before, String after) {
    List<String> a = lines(before);
    List<String> b = lines(after);
    int[][] common = new int[a.size() + 1][b.size() + 1];
    for (int i = a.size() - 1; i >= 0; i--) {
      for (int j = b.size() - 1; j >= 0; j--) {
        common[i][j] =
            a.get(i).equals(b.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    StringBuilder out = new StringBuilder();
    int i = 0;
    int j = 0;
    while (i < a.size() || j < b.size()) {
      if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
        out.append("  ").append(a.get(i)).append('\n');
        i++;
        j++;
      } else if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) {
        out.append("- ").append(a.get(i)).append('\n');
        i++;
      } else {
        out.append("+ ").append(b.get(j)).append('\n');
        j++;
      }
    }
    return out.toString();
  }

  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    for (String line : text.split("(?<=\n)")) {
      if (!line.isEmpty()) {
        String content = line.endsWith("\n") ? line.substring(0, line.length() - 1) : line;
        String visible = content.replaceAll("[ \t\r]+$", "$0<- blanks");
        lines.add(line.endsWith("\n") ? visible : visible + "<- no line feed");
      }
    }
    return lines;
  }
}
