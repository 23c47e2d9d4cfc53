package io.dualstack.impl.firewall;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.firewall.BoundSecurityGroup;
import io.dualstack.firewall.Lifecycle;
import io.dualstack.firewall.SecurityGroup;
import io.dualstack.firewall.SecurityGroupRule;
import io.dualstack.impl.config.JsonFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads security groups out of JSON: the rules alone as the {@code cf} command line takes them (the
 * group then has the file's name), a group as Cloud Controller's API has it, an array of groups, or
 * an API's answer with {@code resources}. Every fault of all files is told together.
 */
public final class SecurityGroupFile {
  /** The most characters of a group's rules as JSON: what Cloud Controller's column holds. */
  static final int MOST_CHARACTERS = (1 << 24) - 1;

  private static final String CODE = "SecurityGroupInvalid";

  private final RuleReader rules;
  private final Findings findings = new Findings();
  private final Map<String, WrittenGroup> groups = new LinkedHashMap<>();
  private final Set<String> guids = new HashSet<>();

  private SecurityGroupFile(RuleOptions options) {
    rules = new RuleReader(options);
  }

  /**
   * Reads the groups of files.
   *
   * @throws java.io.UncheckedIOException if one can't be read
   * @throws InvalidConfigurationException with every fault and its JSON pointer
   */
  public static List<SecurityGroup> read(List<Path> files, RuleOptions options) {
    return readBound(files, options).stream().map(BoundSecurityGroup::group).toList();
  }

  /**
   * Reads the groups of files with the spaces they are bound to. A group without a GUID has its
   * name for one.
   *
   * @throws java.io.UncheckedIOException if one can't be read
   * @throws InvalidConfigurationException with every fault and its JSON pointer
   */
  public static List<BoundSecurityGroup> readBound(List<Path> files, RuleOptions options) {
    return readWritten(files, options).stream().map(WrittenGroup::bound).toList();
  }

  /**
   * Reads the groups of files with their spaces, and with the rules as they are written.
   *
   * @throws java.io.UncheckedIOException if one can't be read
   * @throws InvalidConfigurationException with every fault and its JSON pointer
   */
  public static List<WrittenGroup> readWritten(List<Path> files, RuleOptions options) {
    SecurityGroupFile reader = new SecurityGroupFile(options);
    for (Path file : files) {
      JsonFile json = JsonFile.read(file);
      reader.document(new Place(json.source(), "", json.root(), reader.findings), nameOf(file));
    }
    reader.findings.throwIfAny();
    return List.copyOf(reader.groups.values());
  }

  private static String nameOf(Path file) {
    Path name = file.getFileName();
    String text = name == null ? file.toString() : name.toString();
    return text.endsWith(".json") && text.length() > 5
        ? text.substring(0, text.length() - 5)
        : text;
  }

  private void document(Place root, String fileName) {
    JsonNode value = root.value();
    if (value.has("resources")) {
      each(root.member("resources"));
    } else if (value.isObject()) {
      group(root);
    } else if (value.isArray() && value.path(0).has("rules")) {
      each(root);
    } else if (value.isArray()) {
      add(root, fileName, root, Set.of());
    } else {
      root.refusePart(
          "",
          CODE,
          "is neither rules nor a group; write [{\"protocol\": …}] or {\"name\": …, \"rules\": […]}");
    }
  }

  private void each(Place list) {
    if (!list.value().isArray()) {
      list.refuse(CODE, "is no array; write [{\"name\": …, \"rules\": […]}]");
    }
    for (int i = 0; i < list.value().size(); i++) {
      group(list.element(i));
    }
  }

  private void group(Place group) {
    if (!group.value().isObject()) {
      group.refuse(CODE, "is no group; write {\"name\": …, \"rules\": […]}");
      return;
    }
    String name = name(group.member("name"));
    Set<Lifecycle> defaults = defaults(group.member("globally_enabled"));
    add(group, name, group.member("rules"), defaults);
  }

  private void add(Place place, String name, Place list, Set<Lifecycle> defaults) {
    List<SecurityGroupRule> read = rules(list);
    if (name.isEmpty()) {
      return;
    }
    if (name.length() > SecurityGroup.LONGEST_NAME) {
      place.refusePart(name, CODE, "is too long for a name; use 1 to 250 characters");
      return;
    }
    String guid = guid(place.member("guid"), name);
    Place spaces = place.member("relationships");
    BoundSecurityGroup group =
        new BoundSecurityGroup(
            guid,
            new SecurityGroup(name, read, defaults),
            spaces(spaces.member("running_spaces").member("data")),
            spaces(spaces.member("staging_spaces").member("data")));
    JsonNode written = list.isAbsent() ? JsonNodeFactory.instance.arrayNode() : list.value();
    if (groups.putIfAbsent(name, new WrittenGroup(group, written)) != null) {
      place.refusePart(name, CODE, "is the name of another group too; names must be unique");
    }
  }

  private String guid(Place place, String otherwise) {
    if (place.isAbsent()) {
      return otherwise;
    }
    if (!place.value().isTextual() || place.value().textValue().isEmpty()) {
      place.refuse(CODE, "must be a string that is not empty");
    } else if (!guids.add(place.value().textValue())) {
      place.refuse(CODE, "is the GUID of another group too; give each its own");
    }
    return place.value().asText();
  }

  private static Set<String> spaces(Place list) {
    Set<String> spaces = new LinkedHashSet<>();
    if (!list.isAbsent() && !list.value().isArray()) {
      list.refuse(CODE, "is no array; write [{\"guid\": …}]");
    }
    for (int i = 0; i < list.value().size(); i++) {
      Place guid = list.element(i).member("guid");
      if (!guid.value().isTextual() || guid.value().textValue().isEmpty()) {
        guid.refusePart("", CODE, "is missing; give the GUID of a space");
      }
      spaces.add(guid.value().asText());
    }
    return spaces;
  }

  private static String name(Place place) {
    if (place.isAbsent() || place.value().isNull()) {
      place.refusePart("", CODE, "is missing; give the group a name");
      return "";
    }
    if (!place.value().isTextual() || place.value().textValue().isEmpty()) {
      place.refuse(CODE, "must be a string of 1 to 250 characters");
      return "";
    }
    return place.value().textValue();
  }

  private static Set<Lifecycle> defaults(Place place) {
    Set<Lifecycle> enabled = EnumSet.noneOf(Lifecycle.class);
    if (place.isAbsent()) {
      return enabled;
    }
    if (!place.value().isObject()) {
      place.refuse(CODE, "is no object; write {\"running\": false, \"staging\": false}");
      return enabled;
    }
    place
        .value()
        .fieldNames()
        .forEachRemaining(
            key -> {
              Place flag = place.member(key);
              if (!key.equals("running") && !key.equals("staging")) {
                flag.refuse(CODE, "is no lifecycle; only running and staging are");
              } else if (!flag.value().isBoolean()) {
                flag.refuse(CODE, "must be true or false");
              } else if (flag.value().booleanValue()) {
                enabled.add(Lifecycle.valueOf(key.toUpperCase(Locale.ROOT)));
              }
            });
    return enabled;
  }

  private List<SecurityGroupRule> rules(Place list) {
    if (list.isAbsent()) {
      return List.of();
    }
    if (!list.value().isArray()) {
      list.refuse(CODE, "is no array of rules; write [{\"protocol\": …, \"destination\": …}]");
      return List.of();
    }
    int characters = list.value().toString().length();
    if (characters > MOST_CHARACTERS) {
      list.refusePart(
          "",
          CODE,
          "has %d characters as JSON; the maximum of a group is %d: split it"
              .formatted(characters, MOST_CHARACTERS));
      return List.of();
    }
    List<SecurityGroupRule> read = new ArrayList<>(list.value().size());
    for (int i = 0; i < list.value().size(); i++) {
      rules.read(list.element(i)).ifPresent(read::add);
    }
    return read;
  }
}
