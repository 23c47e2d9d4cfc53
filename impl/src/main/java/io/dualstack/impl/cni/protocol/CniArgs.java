package io.dualstack.impl.cni.protocol;

import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code CNI_ARGS}: {@code K=V;K=V}. */
public final class CniArgs {
  private static final String IGNORE_UNKNOWN = "IgnoreUnknown";

  private CniArgs() {}

  /**
   * Returns the pairs with known keys.
   *
   * @param known the keys the plugin knows, besides {@code IgnoreUnknown}
   * @throws CniException if a pair is malformed, or unknown while unknown ones are not ignored
   */
  public static Map<String, String> parse(String args, Set<String> known) {
    Map<String, String> pairs = new LinkedHashMap<>();
    Map<String, String> unknown = new LinkedHashMap<>();
    boolean ignoreUnknown = false;
    for (String pair : args.isEmpty() ? new String[0] : args.split(";", -1)) {
      String[] sides = pair.split("=", -1);
      if (sides.length != 2) {
        throw refused("ARGS: invalid pair \"%s\"".formatted(pair));
      }
      if (sides[0].equals(IGNORE_UNKNOWN)) {
        ignoreUnknown = flag(pair, sides[1]);
      } else {
        (known.contains(sides[0]) ? pairs : unknown).put(sides[0], sides[1]);
      }
    }
    if (!unknown.isEmpty() && !ignoreUnknown) {
      throw refused(
          "ARGS: unknown args [%s]"
              .formatted(
                  unknown.entrySet().stream()
                      .map(pair -> "\"" + pair + "\"")
                      .collect(Collectors.joining(" "))));
    }
    return pairs;
  }

  private static boolean flag(String pair, String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "1", "true" -> true;
      case "0", "false" -> false;
      default ->
          throw refused(
              "ARGS: error parsing value of pair \"%s\": boolean unmarshal error: invalid input %s"
                  .formatted(pair, text.toLowerCase(Locale.ROOT)));
    };
  }

  /** Refusals have the original's code, which gives them none of its own. */
  private static CniException refused(String message) {
    return new CniException(CniErrorCode.INTERNAL, message);
  }
}
