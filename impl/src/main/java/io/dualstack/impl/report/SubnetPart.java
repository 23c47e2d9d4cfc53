package io.dualstack.impl.report;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.Forecast;
import io.dualstack.allocation.Subnet;
import io.dualstack.allocation.Utilization;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the page says of one subnet. */
record SubnetPart(
    Subnet subnet, Utilization utilization, Forecast forecast, List<AllocatedBlock> held) {

  private static final int COLUMNS = 64;
  private static final int CELL = 12;
  private static final BigInteger LARGE = BigInteger.TEN.pow(9);

  Map<String, Object> values() {
    AddressMap map = AddressMap.of(subnet, held);
    int columns = Math.min(COLUMNS, map.cells().size());
    return Map.ofEntries(
        Map.entry("range", subnet.range()),
        Map.entry("prefix", "/" + subnet.prefixLength()),
        Map.entry("total", words(utilization.total())),
        Map.entry("available", words(utilization.available())),
        Map.entry("percent", percentTaken()),
        Map.entry("active", utilization.active()),
        Map.entry("obsolete", utilization.obsolete()),
        Map.entry("resting", utilization.quarantined()),
        Map.entry("free", freeBySize()),
        Map.entry("forecast", forecastWords(forecast)),
        Map.entry("caption", caption(map)),
        Map.entry("width", columns * CELL),
        Map.entry("height", map.cells().size() / columns * CELL),
        Map.entry("cells", rectangles(map.cells(), columns)));
  }

  private String percentTaken() {
    BigDecimal taken = new BigDecimal(utilization.total().subtract(utilization.available()));
    BigDecimal percent =
        taken
            .multiply(BigDecimal.valueOf(100))
            .divide(new BigDecimal(utilization.total()), 1, RoundingMode.HALF_UP);
    return percent.signum() == 0 && taken.signum() > 0 ? "< 0.1" : percent.toString();
  }

  /** A number that can be read: what is too long for that, as a power of two. */
  private static String words(BigInteger number) {
    if (number.compareTo(LARGE) < 0) {
      return String.format(Locale.ROOT, "%,d", number);
    }
    int exponent = (int) Math.round(Math.log(number.doubleValue()) / Math.log(2));
    boolean exact = number.equals(BigInteger.ONE.shiftLeft(exponent));
    return (exact ? "2^" : "about 2^") + exponent;
  }

  private String freeBySize() {
    return utilization.freeByLength().entrySet().stream()
        .limit(6)
        .map(size -> words(size.getValue()) + " × /" + size.getKey())
        .collect(Collectors.joining(", "));
  }

  /** Says when it is full. */
  static String forecastWords(Forecast forecast) {
    if (forecast.observed().toDays() == 0) {
      return "not known before a day has passed";
    }
    return forecast
        .timeUntilFull()
        .map(time -> time.isZero() ? "is full" : "full in %d days".formatted(time.toDays()))
        .orElse("does not fill");
  }

  private static String caption(AddressMap map) {
    String cells = "Each cell is a /%d of %s.".formatted(map.cellLength(), map.shown());
    return map.shown().equals(map.range())
        ? cells
        : cells + " The rest of " + map.range() + " is free.";
  }

  private static List<Map<String, Object>> rectangles(List<Cell> cells, int columns) {
    List<Map<String, Object>> rectangles = new ArrayList<>();
    for (int from = 0; from < cells.size(); ) {
      int end = from + 1;
      // What is free is one rectangle in each row.
      while (cells.get(from).use() == Use.FREE
          && end % columns != 0
          && cells.get(end).use() == Use.FREE) {
        end++;
      }
      rectangles.add(rectangle(cells, from, end, columns));
      from = end;
    }
    return rectangles;
  }

  private static Map<String, Object> rectangle(List<Cell> cells, int from, int end, int columns) {
    Cell first = cells.get(from);
    String words =
        end - from == 1
            ? first.words()
            : "%s to %s: %s"
                .formatted(first.block(), cells.get(end - 1).block(), first.use().words());
    return Map.of(
        "x",
        from % columns * CELL,
        "y",
        from / columns * CELL,
        "width",
        (end - from) * CELL - 1,
        "style",
        first.use().style(),
        "opacity",
        first.use() == Use.FREE ? "1" : opacity(first.filled()),
        "words",
        words);
  }

  /** Never so pale that a cell of which a little is held looks free. */
  private static String opacity(double filled) {
    return String.format(Locale.ROOT, "%.2f", 0.35 + 0.65 * Math.sqrt(filled));
  }
}
