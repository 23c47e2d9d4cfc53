package io.dualstack.impl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.lab.Check;
import io.dualstack.net.IpFamily;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Who reaches whom in a lab, both families side by side. */
final class LabMatrix {
  private LabMatrix() {}

  /** What the two families have in common. */
  private record Row(String rule, String from, String to) {}

  /** Shows what should come of attempts that nobody made. */
  static void printExpected(List<Check> checks, PrintWriter out) {
    print(checks, Function.identity(), Check::expectation, out);
  }

  /** Shows what came of attempts. */
  static void print(List<Check.Result> results, PrintWriter out) {
    print(results, Check.Result::check, Check.Result::words, out);
    out.printf("%d of %d attempts as they should be%n", right(results), results.size());
    out.flush();
  }

  static boolean isRight(List<Check.Result> results) {
    return right(results) == results.size();
  }

  private static long right(List<Check.Result> results) {
    return results.stream().filter(Check.Result::isRight).count();
  }

  private static <T> void print(
      List<T> items, Function<T, Check> check, Function<T, String> words, PrintWriter out) {
    Map<Row, Map<IpFamily, String>> rows = new LinkedHashMap<>();
    for (T item : items) {
      Check made = check.apply(item);
      rows.computeIfAbsent(
              new Row(made.rule(), made.from(), made.to()), row -> new EnumMap<>(IpFamily.class))
          .put(made.family(), words.apply(item));
    }
    Table table = new Table("DECIDES", "FROM", "TO", "IPV4", "IPV6");
    rows.forEach(
        (row, families) ->
            table.row(
                row.rule(),
                row.from(),
                row.to(),
                families.getOrDefault(IpFamily.IPV4, "-"),
                families.getOrDefault(IpFamily.IPV6, "-")));
    table.print(out);
  }

  static ObjectNode json(List<Check.Result> results) {
    ObjectNode document = Json.object().put("right", isRight(results));
    ArrayNode list = document.putArray("checks");
    for (Check.Result result : results) {
      Check check = result.check();
      list.addObject()
          .put("decides", check.rule())
          .put("from", check.from())
          .put("to", check.to())
          .put("address", check.address().toString())
          .put("port", check.port())
          .put("came", result.words())
          .put("right", result.isRight());
    }
    return document;
  }
}
