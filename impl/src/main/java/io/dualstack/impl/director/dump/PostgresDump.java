package io.dualstack.impl.director.dump;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.Severity;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads tables out of a plain dump of {@code pg_dump}, whose rows follow a {@code COPY} in
 * PostgreSQL's text format: columns between tabs, {@code \N} for no value, a backslash before what
 * has a meaning, {@code \.} at the end.
 */
final class PostgresDump {

  private static final Pattern COPY =
      Pattern.compile("COPY (?:\"?[^\".]+\"?\\.)?\"?([^\". ]+)\"? \\((.*)\\) FROM stdin;");
  private static final Pattern INSERT =
      Pattern.compile("INSERT INTO (?:[\"`]?[^\"`. ]+[\"`]?\\.)?[\"`]?([^\"`. (]+)[\"`]?[ (].*");

  private final Path file;
  private final Set<String> wanted;
  private final Map<String, List<DumpRow>> tables = new HashMap<>();

  private PostgresDump(Path file, Set<String> wanted) {
    this.file = file;
    this.wanted = wanted;
  }

  /**
   * Reads some tables.
   *
   * @return their rows by name; a table that the dump doesn't have is not there
   * @throws InvalidConfigurationException if it is no such dump
   * @throws UncheckedIOException if the file can't be read
   */
  static Map<String, List<DumpRow>> read(Path file, Set<String> wanted) {
    PostgresDump dump = new PostgresDump(file, wanted);
    try (BufferedReader in = Files.newBufferedReader(file)) {
      dump.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
    return dump.tables;
  }

  private void read(BufferedReader in) throws IOException {
    int number = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      number++;
      Matcher copy = COPY.matcher(line);
      if (copy.matches()) {
        number = readRows(in, number, copy.group(1), columns(copy.group(2)));
      } else {
        refuseInsert(line, number);
      }
    }
  }

  private static List<String> columns(String list) {
    return List.of(list.replace("\"", "").split(", ", -1));
  }

  private int readRows(BufferedReader in, int header, String table, List<String> columns)
      throws IOException {
    List<DumpRow> rows = new ArrayList<>();
    int number = header;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      number++;
      if (line.equals("\\.")) {
        if (wanted.contains(table)) {
          tables.put(table, rows);
        }
        return number;
      }
      if (wanted.contains(table)) {
        rows.add(row(number, table, columns, line));
      }
    }
    throw refused(number, "ends within table " + table + "; make the dump again");
  }

  private DumpRow row(int number, String table, List<String> columns, String line) {
    String[] cells = line.split("\t", -1);
    if (cells.length != columns.size()) {
      throw refused(
          number,
          "table %s: %d values for %d columns; make the dump again"
              .formatted(table, cells.length, columns.size()));
    }
    Map<String, @Nullable String> values = new LinkedHashMap<>();
    for (int i = 0; i < cells.length; i++) {
      values.put(columns.get(i), cells[i].equals("\\N") ? null : unescape(cells[i]));
    }
    return new DumpRow(file.toString(), number, table, values);
  }

  private static String unescape(String cell) {
    if (cell.indexOf('\\') < 0) {
      return cell;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < cell.length(); i++) {
      char next = cell.charAt(i);
      if (next == '\\' && i + 1 < cell.length()) {
        i++;
        next = meaning(cell.charAt(i));
      }
      text.append(next);
    }
    return text.toString();
  }

  private static char meaning(char escaped) {
    return switch (escaped) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> '\u000b';
      default -> escaped;
    };
  }

  private void refuseInsert(String line, int number) {
    Matcher insert = INSERT.matcher(line);
    if (insert.matches() && wanted.contains(insert.group(1))) {
      throw refused(
          number,
          "table %s is dumped as INSERT; use pg_dump without --inserts".formatted(insert.group(1)));
    }
  }

  private InvalidConfigurationException refused(int line, String message) {
    return new InvalidConfigurationException(
        List.of(
            new Diagnostic(Severity.ERROR, file.toString(), "", line, 0, "DumpInvalid", message)));
  }
}
