package io.dualstack.spi.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/**
 * The service's model as AWS publishes it with botocore, which knows more than the SDK's classes:
 * required parameters, enumerations and bounds.
 */
final class BotocoreModel {
  /** Where Debian's package python3-botocore has it. */
  private static final Path DATA = Path.of("/usr/lib/python3/dist-packages/botocore/data");

  private static final Map<String, BotocoreModel> READ = new ConcurrentHashMap<>();

  static final String EC2 = "ec2/2016-11-15";
  static final String SERVICE_QUOTAS = "service-quotas/2019-06-24";

  private final JsonNode operations;
  private final JsonNode shapes;

  private BotocoreModel(JsonNode model) {
    operations = model.field("operations").orElseThrow();
    shapes = model.field("shapes").orElseThrow();
  }

  /** Whether it is installed, which it must be where CI is set. */
  static boolean isThere() {
    boolean isThere = Files.exists(DATA);
    if (!isThere && Boolean.parseBoolean(System.getenv("CI"))) {
      throw new AssertionError(DATA + " is missing; install python3-botocore");
    }
    return isThere;
  }

  /** Reads a service's model, once. */
  static BotocoreModel of(String service) {
    return READ.computeIfAbsent(service, BotocoreModel::read);
  }

  private static BotocoreModel read(String service) {
    try {
      return new BotocoreModel(
          JsonNode.parser().parse(Files.readString(DATA.resolve(service + "/service-2.json"))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what of a request isn't as the model says. */
  List<String> findings(String action, Map<String, String> parameters) {
    Optional<JsonNode> operation = operations.field(action);
    if (operation.isEmpty()) {
      return List.of(action + " is no action");
    }
    List<String> findings = new ArrayList<>();
    JsonNode input = shape(operation.get().field("input").orElseThrow());
    check(action, input, "", parameters, findings);
    for (String name : parameters.keySet()) {
      if (!isKnown(input, List.of(name.split("\\.")))) {
        findings.add(action + ": " + name + " is no parameter");
      }
    }
    return findings;
  }

  private JsonNode shape(JsonNode reference) {
    return shapes.field(reference.field("shape").orElseThrow().text()).orElseThrow();
  }

  /** What a member is called in a form: its query name, else its other name with a capital. */
  private static String wireName(String member, JsonNode reference) {
    return reference
        .field("queryName")
        .map(JsonNode::text)
        .orElseGet(
            () -> {
              String name = reference.field("locationName").map(JsonNode::text).orElse(member);
              return Character.toUpperCase(name.charAt(0)) + name.substring(1);
            });
  }

  private boolean isKnown(JsonNode shape, List<String> path) {
    String type = shape.field("type").orElseThrow().text();
    if (path.isEmpty()) {
      return !type.equals("structure") && !type.equals("list");
    }
    List<String> rest = path.subList(1, path.size());
    if (type.equals("list")) {
      return isKnown(shape(shape.field("member").orElseThrow()), rest);
    }
    return type.equals("structure")
        && shape.field("members").orElseThrow().asObject().entrySet().stream()
            .filter(member -> wireName(member.getKey(), member.getValue()).equals(path.get(0)))
            .anyMatch(member -> isKnown(shape(member.getValue()), rest));
  }

  private void check(
      String at,
      JsonNode shape,
      String prefix,
      Map<String, String> parameters,
      List<String> findings) {
    Set<String> required =
        Set.copyOf(
            shape
                .field("required")
                .map(names -> names.asArray().stream().map(JsonNode::text).toList())
                .orElse(List.of()));
    shape
        .field("members")
        .orElseThrow()
        .asObject()
        .forEach(
            (member, reference) -> {
              String name = prefix + wireName(member, reference);
              List<String> sent =
                  parameters.keySet().stream()
                      .filter(key -> key.equals(name) || key.startsWith(name + "."))
                      .toList();
              if (sent.isEmpty()) {
                if (required.contains(member)) {
                  findings.add(at + ": " + name + " is missing");
                }
              } else {
                checkValue(at, shape(reference), name, parameters, findings);
              }
            });
  }

  private void checkValue(
      String at,
      JsonNode shape,
      String name,
      Map<String, String> parameters,
      List<String> findings) {
    switch (shape.field("type").orElseThrow().text()) {
      case "structure" -> check(at, shape, name + ".", parameters, findings);
      case "list" -> {
        JsonNode member = shape(shape.field("member").orElseThrow());
        numbers(name, parameters)
            .forEach(number -> checkValue(at, member, name + "." + number, parameters, findings));
      }
      default -> checkScalar(at, shape, name, parameters.get(name), findings);
    }
  }

  private static Stream<String> numbers(String name, Map<String, String> parameters) {
    return parameters.keySet().stream()
        .filter(key -> key.startsWith(name + "."))
        .map(key -> key.substring(name.length() + 1).split("\\.")[0])
        .distinct();
  }

  private static void checkScalar(
      String at, JsonNode shape, String name, String value, List<String> findings) {
    shape
        .field("enum")
        .filter(values -> values.asArray().stream().noneMatch(one -> one.text().equals(value)))
        .ifPresent(values -> findings.add(at + ": " + name + " = " + value + " is none of them"));
    if (shape.field("type").orElseThrow().text().equals("integer")) {
      int number = Integer.parseInt(value);
      boolean inside =
          shape.field("min").map(min -> Integer.parseInt(min.asNumber()) <= number).orElse(true)
              && shape
                  .field("max")
                  .map(max -> Integer.parseInt(max.asNumber()) >= number)
                  .orElse(true);
      if (!inside) {
        findings.add(at + ": " + name + " = " + value + " is out of bounds");
      }
    }
  }
}
