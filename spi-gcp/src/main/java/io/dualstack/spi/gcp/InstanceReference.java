package io.dualstack.spi.gcp;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which instance.
 *
 * @param project its project
 * @param zone its zone
 * @param name its name
 */
record InstanceReference(String project, String zone, String name) {
  private static final Pattern URL =
      Pattern.compile(".*projects/([^/]+)/zones/([^/]+)/instances/([^/]+)");

  /** Reads a URL; empty if it names something else. */
  static Optional<InstanceReference> parse(String url) {
    Matcher matcher = URL.matcher(url);
    return matcher.matches()
        ? Optional.of(new InstanceReference(matcher.group(1), matcher.group(2), matcher.group(3)))
        : Optional.empty();
  }

  /** Tells instances of one project apart, however the project is written: by name or by number. */
  String key() {
    return zone + "/" + name;
  }

  /** Returns the instance for people. */
  @Override
  public String toString() {
    return "instance " + name + " in " + zone;
  }
}
