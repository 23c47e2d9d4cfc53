package io.dualstack.testkit.cloud.gcp;

import io.dualstack.testkit.cloud.FakeRequest;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request asks for.
 *
 * @param project the project
 * @param kind {@code aggregated}, {@code regions} or {@code zones}
 * @param parts the rest of the path: the region or zone, a collection, a name, a verb
 * @param method the HTTP method
 */
record ApiCall(String project, String kind, List<String> parts, String method) {
  private static final Pattern PATH =
      Pattern.compile("/compute/v1/projects/([^/]+)/(aggregated|regions|zones)/(.+)");

  /** Reads a request; empty if its path is none of the API. */
  static Optional<ApiCall> of(FakeRequest request) {
    Matcher matcher = PATH.matcher(request.path());
    // The JDK's own client knows no PATCH, and says so in a header.
    String method = request.header("X-HTTP-Method-Override").orElse(request.method());
    return matcher.matches()
        ? Optional.of(
            new ApiCall(
                matcher.group(1), matcher.group(2), List.of(matcher.group(3).split("/")), method))
        : Optional.empty();
  }

  String part(int number) {
    return number < parts.size() ? parts.get(number) : "";
  }

  /** The name of the operation, such as {@code addresses.insert}. */
  String operation() {
    String collection = part(1);
    return switch (kind + " " + method + " " + parts.size()) {
      case "aggregated GET 1" -> part(0) + ".aggregatedList";
      case "regions GET 1" -> "regions.get";
      case "regions GET 2" -> collection + ".list";
      case "regions POST 2" -> collection + ".insert";
      case "regions GET 3", "zones GET 3" -> collection + ".get";
      case "regions DELETE 3" -> collection + ".delete";
      case "regions POST 4", "zones POST 4", "zones PATCH 4" -> collection + "." + part(3);
      default -> "unknown";
    };
  }
}
