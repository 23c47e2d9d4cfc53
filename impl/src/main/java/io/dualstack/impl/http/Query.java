package io.dualstack.impl.http;

import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The parameters in the query of a request; of one given twice, the first counts. */
public final class Query {
  private final Map<String, String> values = new LinkedHashMap<>();

  private Query(String raw) {
    for (String part : raw.split("&", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        values.putIfAbsent(decoded(part.substring(0, equals)), decoded(part.substring(equals + 1)));
      }
    }
  }

  /** Reads the query of a request. */
  public static Query of(HttpExchange exchange) {
    String raw = exchange.getRequestURI().getRawQuery();
    return new Query(raw == null ? "" : raw);
  }

  private static String decoded(String part) {
    try {
      return URLDecoder.decode(part, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return part;
    }
  }

  /** Returns a value; empty when it is not there or has no characters. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }

  /** Returns the parts of a value with commas between them; none when it is not there. */
  public Set<String> list(String name) {
    return text(name)
        .map(
            value ->
                Collections.unmodifiableSet(
                    new LinkedHashSet<>(Arrays.asList(value.split(",", -1)))))
        .orElse(Set.of());
  }
}
