package io.dualstack.impl.director.dump;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.Severity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A row of a table.
 *
 * @param file the dump
 * @param line where in it the row is, from 1
 * @param table the table's name, without its schema
 * @param values the values by column; null where the database has none
 */
record DumpRow(String file, int line, String table, Map<String, @Nullable String> values) {

  String source() {
    return file + ":" + line;
  }

  Optional<String> find(String column) {
    return Optional.ofNullable(values.get(column));
  }

  String get(String column) {
    return find(column)
        .orElseThrow(() -> refused(column, "is missing; dump the table with all its columns"));
  }

  boolean isTrue(String column) {
    return find(column).filter("t"::equals).isPresent();
  }

  InvalidConfigurationException refused(String column, String why) {
    return new InvalidConfigurationException(
        List.of(
            new Diagnostic(
                Severity.ERROR,
                file,
                table + "." + column,
                line,
                0,
                "DumpInvalid",
                find(column).map(value -> "\"" + value + "\" ").orElse("") + why)));
  }
}
