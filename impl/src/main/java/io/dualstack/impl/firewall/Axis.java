package io.dualstack.impl.firewall;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One condition of packets, cut into cells so fine that no rule tells two values of a cell apart.
 *
 * @param <T> the values
 */
final class Axis<T extends Comparable<T>> {
  /**
   * Values from a first one on.
   *
   * @param first the lowest value
   * @param next the lowest value behind; null for none
   */
  record Span<T>(T first, @Nullable T next) {}

  private final List<T> starts;

  private Axis(List<T> starts) {
    this.starts = starts;
  }

  /** Cuts the values from {@code lowest} on where a span begins or ends. */
  static <E, T extends Comparable<T>> Axis<T> of(
      T lowest, Iterable<E> elements, Function<E, List<Span<T>>> spans) {
    TreeSet<T> cuts = new TreeSet<>();
    cuts.add(lowest);
    for (E element : elements) {
      for (Span<T> span : spans.apply(element)) {
        cuts.add(span.first());
        T next = span.next();
        if (next != null) {
          cuts.add(next);
        }
      }
    }
    return new Axis<>(new ArrayList<>(cuts));
  }

  int cells() {
    return starts.size();
  }

  /** The lowest value of a cell. */
  T start(int cell) {
    return starts.get(cell);
  }

  /** The lowest value behind a cell; null behind the last. */
  @Nullable T next(int cell) {
    return cell + 1 < starts.size() ? starts.get(cell + 1) : null;
  }

  /** The cells of spans: a first cell, the cell behind the last, and so on. */
  int[] cells(List<Span<T>> spans) {
    int[] bounds = new int[2 * spans.size()];
    for (int i = 0; i < spans.size(); i++) {
      T next = spans.get(i).next();
      bounds[2 * i] = Collections.binarySearch(starts, spans.get(i).first());
      bounds[2 * i + 1] = next == null ? starts.size() : Collections.binarySearch(starts, next);
    }
    return bounds;
  }
}
