package io.dualstack.testkit.cloud.aws;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Matches filters, in which a star, a question mark and a backslash have their meaning. */
final class Ec2Filters {
  private Ec2Filters() {}

  /** Reads the values of a filter's name from a thing. */
  @FunctionalInterface
  interface Reader<T> {
    /** Returns the values; throws a refusal if there is no such filter. */
    List<String> values(T thing, String filter);
  }

  static <T> boolean matches(T thing, Map<String, List<String>> filters, Reader<T> reader) {
    return filters.entrySet().stream()
        .allMatch(
            filter -> {
              List<String> has = reader.values(thing, filter.getKey());
              return filter.getValue().stream()
                  .map(Ec2Filters::pattern)
                  .anyMatch(
                      pattern -> has.stream().anyMatch(value -> pattern.matcher(value).matches()));
            });
  }

  private static Pattern pattern(String value) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' && i + 1 < value.length()) {
        i++;
        regex.append(Pattern.quote(String.valueOf(value.charAt(i))));
      } else if (c == '*') {
        regex.append(".*");
      } else if (c == '?') {
        regex.append('.');
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  static Ec2Refusal unknown(String filter) {
    return new Ec2Refusal("InvalidParameterValue", "The filter '" + filter + "' is invalid");
  }
}
