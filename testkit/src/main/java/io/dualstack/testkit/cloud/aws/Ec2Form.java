package io.dualstack.testkit.cloud.aws;

import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parameters of one request, of which every one must be known. */
final class Ec2Form {
  private static final Pattern NUMBER = Pattern.compile("\\.\\d+(?=\\.|$)");

  private final Map<String, String> values = new TreeMap<>();

  Ec2Form(Map<String, List<String>> form) {
    form.forEach((name, several) -> values.put(name, several.get(several.size() - 1)));
  }

  /**
   * Refuses parameters that aren't known.
   *
   * @param known their names, with N in place of numbers
   */
  void refuseOthers(Collection<String> known) {
    for (String name : values.keySet()) {
      if (!known.contains(NUMBER.matcher(name).replaceAll(".N"))) {
        throw new Ec2Refusal("UnknownParameter", "The parameter " + name + " is not recognized");
      }
    }
  }

  /** Everything that says what is asked for, as one text. */
  String fingerprint() {
    return values.toString();
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name));
  }

  String required(String name) {
    return text(name)
        .filter(value -> !value.isEmpty())
        .orElseThrow(
            () ->
                new Ec2Refusal(
                    "MissingParameter", "The request must contain the parameter " + name));
  }

  int number(String name) {
    String value = values.getOrDefault(name, "0");
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw Ec2Refusal.value(value, name, "Use an integer.");
    }
  }

  boolean flag(String name) {
    String value = values.getOrDefault(name, "false");
    if (!Set.of("true", "false").contains(value)) {
      throw Ec2Refusal.value(value, name, "Use a boolean.");
    }
    return value.equals("true");
  }

  /** The values {@code name.1}, {@code name.2}, and so on, in order. */
  List<String> list(String name) {
    List<String> list = new ArrayList<>();
    for (String number : numbers(name)) {
      text(name + "." + number).ifPresent(list::add);
    }
    return list;
  }

  /** The numbers that follow a name, in order. */
  private Collection<String> numbers(String name) {
    Matcher matcher = Pattern.compile(Pattern.quote(name) + "\\.(\\d+)(?:\\..*)?").matcher("");
    TreeSet<Integer> numbers = new TreeSet<>();
    for (String key : values.keySet()) {
      if (matcher.reset(key).matches()) {
        numbers.add(Integer.parseInt(matcher.group(1)));
      }
    }
    return numbers.stream().map(String::valueOf).toList();
  }

  /** The filters: values by name. */
  Map<String, List<String>> filters() {
    Map<String, List<String>> filters = new LinkedHashMap<>();
    for (String number : numbers("Filter")) {
      List<String> several = list("Filter." + number + ".Value");
      if (several.isEmpty() || several.size() > 200) {
        throw new Ec2Refusal(
            "InvalidParameterValue", "A filter has 1 to 200 values, not " + several.size());
      }
      filters.put(required("Filter." + number + ".Name"), several);
    }
    return filters;
  }

  /** Tags below a name, such as {@code Tag} or {@code TagSpecification.1.Tag}. */
  Map<String, String> tags(String name) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (String number : numbers(name)) {
      String key = required(name + "." + number + ".Key");
      if (key.startsWith("aws:") || key.length() > 128) {
        throw Ec2Refusal.value(key, "tagKey", "It is reserved, or longer than 128 characters.");
      }
      String value = values.getOrDefault(name + "." + number + ".Value", "");
      if (value.length() > 256) {
        throw Ec2Refusal.value(value, "tagValue", "It is longer than 256 characters.");
      }
      tags.put(key, value);
    }
    return tags;
  }

  /** The tags of a specification for network interfaces. */
  Map<String, String> specifiedTags() {
    Map<String, String> tags = new LinkedHashMap<>();
    for (String number : numbers("TagSpecification")) {
      String type = required("TagSpecification." + number + ".ResourceType");
      if (!type.equals("network-interface")) {
        throw Ec2Refusal.value(type, "ResourceType", "Use network-interface.");
      }
      tags.putAll(tags("TagSpecification." + number + ".Tag"));
    }
    return tags;
  }

  /** Single addresses, each as a block of one. */
  static List<IpPrefix> addresses(List<String> texts, IpFamily family, String name) {
    return texts.stream()
        .map(
            text ->
                IpAddress.tryParse(text)
                    .filter(address -> address.family() == family)
                    .orElseThrow(() -> Ec2Refusal.value(text, name, "Invalid address."))
                    .toPrefix())
        .toList();
  }

  /** Prefixes of the one length that EC2 delegates. */
  static List<IpPrefix> prefixes(List<String> texts, IpFamily family, String name) {
    int length = family == IpFamily.IPV4 ? 28 : 80;
    return texts.stream()
        .map(
            text ->
                IpPrefix.tryParse(text)
                    .filter(prefix -> prefix.family() == family && prefix.length() == length)
                    .orElseThrow(
                        () ->
                            Ec2Refusal.value(
                                text, name, "Use an aligned prefix of length /" + length + ".")))
        .toList();
  }
}
