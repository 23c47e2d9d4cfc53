package io.dualstack.testkit.cloud;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request that a fake received.
 *
 * @param method the HTTP method
 * @param uri path and query
 * @param headers the headers, by name in lower case
 * @param body the body as text; empty when there is none
 */
public record FakeRequest(String method, URI uri, Map<String, List<String>> headers, String body) {

  /**
   * Copies the headers, with their names in lower case.
   *
   * @param method the HTTP method
   * @param uri path and query
   * @param headers the headers
   * @param body the body as text; empty when there is none
   */
  public FakeRequest {
    requireNonNull(method, "method");
    requireNonNull(uri, "uri");
    requireNonNull(body, "body");
    TreeMap<String, List<String>> copy = new TreeMap<>();
    headers.forEach((name, values) -> copy.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
    headers = Collections.unmodifiableMap(copy);
  }

  /**
   * Returns the path without its query.
   *
   * @return the decoded path
   */
  public String path() {
    return uri.getPath();
  }

  /**
   * Returns the first value of a header.
   *
   * @param name its name, in any case
   * @return the value; empty if the header is missing
   */
  public Optional<String> header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
  }

  /**
   * Returns the parameters of the query.
   *
   * @return values by name, in the order they were sent
   */
  public Map<String, List<String>> query() {
    String raw = uri.getRawQuery();
    return parameters(raw == null ? "" : raw);
  }

  /**
   * Returns the parameters of a form in the body.
   *
   * @return values by name, in the order they were sent
   */
  public Map<String, List<String>> form() {
    return parameters(body);
  }

  private static Map<String, List<String>> parameters(String text) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String parameter : text.split("&")) {
      if (!parameter.isEmpty()) {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? parameter : parameter.substring(0, equals);
        String value = equals < 0 ? "" : parameter.substring(equals + 1);
        parameters.computeIfAbsent(decoded(name), key -> new ArrayList<>()).add(decoded(value));
      }
    }
    return Collections.unmodifiableMap(parameters);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
