package io.dualstack.impl.firewall;

import io.dualstack.firewall.ConnectionState;
import io.dualstack.firewall.NumberSet;
import io.dualstack.impl.firewall.Axis.Span;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The conditions of a match as spans of an {@link Axis}. */
final class Spans {
  private Spans() {}

  static List<Span<IpAddress>> of(IpSet addresses) {
    return addresses.ranges().stream()
        .map(range -> new Span<>(range.first(), behind(range.last())))
        .toList();
  }

  private static @Nullable IpAddress behind(IpAddress last) {
    return last.next().orElse(null);
  }

  static List<Span<Long>> of(NumberSet numbers) {
    return numbers.ranges().stream()
        .map(range -> new Span<Long>(range.first(), range.last() + 1))
        .toList();
  }

  static List<Span<Long>> of(Set<ConnectionState> states) {
    return of(
        NumberSet.of(
            states.stream()
                .map(state -> new NumberSet.Range(state.ordinal(), state.ordinal()))
                .toList()));
  }
}
