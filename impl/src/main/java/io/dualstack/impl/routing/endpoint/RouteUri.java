package io.dualstack.impl.routing.endpoint;

import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** URIs of routes as keys, and the keys a request is looked up by. */
final class RouteUri {

  private RouteUri() {}

  /**
   * Returns a URI without what is behind a question mark, in small letters, without a last slash.
   */
  static String key(String uri) {
    int query = uri.indexOf('?');
    String path = query < 0 ? uri : uri.substring(0, query);
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end).toLowerCase(Locale.ROOT);
  }

  /**
   * Returns what is found first: under the key itself, then with each last segment of its path left
   * out, then all that again with more of the name's first labels replaced by a star.
   */
  static <T> @Nullable T first(String uri, Function<String, @Nullable T> find) {
    String key = key(uri);
    int slash = key.indexOf('/');
    String name = slash < 0 ? key : key.substring(0, slash);
    String path = slash < 0 ? "" : key.substring(slash);
    for (String candidate = name; candidate != null; candidate = wider(candidate)) {
      T found = firstOfPaths(candidate, path, find);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static <T> @Nullable T firstOfPaths(
      String name, String path, Function<String, @Nullable T> find) {
    String rest = path;
    while (true) {
      T found = find.apply(name + rest);
      if (found != null || rest.isEmpty()) {
        return found;
      }
      rest = rest.substring(0, rest.lastIndexOf('/'));
    }
  }

  private static @Nullable String wider(String name) {
    int dot = name.indexOf('.', name.startsWith("*.") ? 2 : 0);
    return dot < 0 ? null : "*" + name.substring(dot);
  }
}
