package io.dualstack.testkit.cloud.gcp;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.testkit.cloud.FakeRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The query of a listing: which resources, and which page of them. */
final class Pages {
  private static final int USUAL = 500;
  private static final Set<String> KNOWN =
      Set.of(
          "alt",
          "filter",
          "maxResults",
          "networkInterface",
          "pageToken",
          "prettyPrint",
          "requestId");
  private static final Pattern FILTER = Pattern.compile("name eq (\"([^\"]*)\"|'([^']*)'|(\\S+))");

  private int limit = USUAL;

  void limit(int number) {
    limit = number;
  }

  /** Returns the only value of a parameter. */
  static Optional<String> parameter(FakeRequest request, String name) {
    return request.query().getOrDefault(name, List.of()).stream().findFirst();
  }

  /** Refuses parameters that no method here has. */
  static void checkParameters(FakeRequest request) {
    for (Map.Entry<String, List<String>> parameter : request.query().entrySet()) {
      if (!KNOWN.contains(parameter.getKey()) || parameter.getValue().size() > 1) {
        throw new Refusal(
            400,
            "invalidParameter",
            "Invalid JSON payload received. Unknown name \"%s\": Cannot bind query parameter."
                .formatted(parameter.getKey()));
      }
    }
  }

  /** Puts a page of what fits into {@code answer}, and the token of the next. */
  List<ObjectNode> page(FakeRequest request, List<ObjectNode> all, ObjectNode answer) {
    Predicate<ObjectNode> filter =
        parameter(request, "filter").map(Pages::filter).orElse(resource -> true);
    List<ObjectNode> fitting = all.stream().filter(filter).toList();
    int from = parameter(request, "pageToken").map(Pages::offset).orElse(0);
    int most = Math.min(limit, parameter(request, "maxResults").map(Pages::most).orElse(USUAL));
    int to = Math.min(fitting.size(), from + most);
    if (to < fitting.size()) {
      answer.put("nextPageToken", "from-" + to);
    }
    return from >= to ? List.of() : fitting.subList(from, to);
  }

  private static Predicate<ObjectNode> filter(String expression) {
    Matcher matcher = FILTER.matcher(expression);
    if (!matcher.matches()) {
      throw Refusal.invalid(
          "filter", expression, "Invalid list filter expression; this fake knows name eq REGEX.");
    }
    for (int group = 2; group <= 4; group++) {
      if (matcher.group(group) != null) {
        try {
          Pattern name = Pattern.compile(matcher.group(group));
          return resource -> name.matcher(resource.path("name").asText()).matches();
        } catch (PatternSyntaxException e) {
          throw Refusal.invalid("filter", expression, "Invalid regular expression.");
        }
      }
    }
    throw Refusal.invalid("filter", expression, "Invalid list filter expression.");
  }

  private static int offset(String token) {
    if (!token.matches("from-[0-9]{1,9}")) {
      throw Refusal.invalid("pageToken", token, "Invalid page token.");
    }
    return Integer.parseInt(token.substring("from-".length()));
  }

  private static int most(String number) {
    if (!number.matches("[0-9]{1,3}") || Integer.parseInt(number) > USUAL) {
      throw Refusal.invalid("maxResults", number, "It must be from 0 to 500.");
    }
    return Integer.parseInt(number);
  }
}
