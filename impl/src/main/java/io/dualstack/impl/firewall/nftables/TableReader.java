package io.dualstack.impl.firewall.nftables;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualstack.KernelException;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Tool;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/** Reads what is in the table from the kernel, such as what another process left there. */
final class TableReader {
  private static final List<String> COMMAND =
      List.of("nft", "-j", "list", "table", "inet", CellTable.NAME);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<JsonNode> objects;

  private TableReader(List<JsonNode> objects) {
    this.objects = objects;
  }

  /** Returns what is there; empty if there is no table. */
  static Optional<TableState> read(Namespace host) {
    Tool.Ended ended = Tool.end(host, COMMAND, Map.of(), "");
    if (ended.exitCode() != 0) {
      if (ended.errors().contains("No such file or directory")) {
        return Optional.empty();
      }
      throw new KernelException(String.join(" ", COMMAND), ended.errors().strip(), null);
    }
    return Optional.of(parse(ended.output()));
  }

  static TableState parse(String listing) {
    try {
      JsonNode all = JSON.readTree(listing).path("nftables");
      return new TableReader(StreamSupport.stream(all.spliterator(), false).toList()).state();
    } catch (JsonProcessingException e) {
      throw new KernelException(String.join(" ", COMMAND), "says what is no JSON", e);
    }
  }

  private TableState state() {
    Map<String, String> kinds = new HashMap<>();
    Map<String, Set<String>> uses = new LinkedHashMap<>();
    List<Element> elements = new ArrayList<>();
    List<String> rules = new ArrayList<>();
    List<String> own = new ArrayList<>();
    String stamp = "";
    for (JsonNode object : objects) {
      String kind = object.fieldNames().next();
      JsonNode body = object.path(kind);
      String name = body.path("name").asText();
      if (kind.equals("rule")) {
        rules.add(body.path("chain").asText());
        collect(body.path("expr"), users(body.path("chain").asText(), uses));
      } else if (name.equals(CellTable.STAMP)) {
        stamp = body.path("elem").path(0).asText();
      } else if (CellTable.isShared(name)) {
        kinds.put(name, kind);
        collect(body.path("elem"), users(name, uses));
      } else if (kind.equals("map") || kind.equals("set")) {
        own.add(name);
        body.path("elem").forEach(element -> elements.add(element(name, element)));
      }
    }
    TableState state = new TableState(stamp);
    uses.values().forEach(used -> used.retainAll(kinds.keySet()));
    state.note(kinds, uses);
    elements.forEach(state::note);
    own.forEach(state::noteOwn);
    rules.forEach(chain -> state.noteRules(chain, 1));
    return state;
  }

  private static Set<String> users(String name, Map<String, Set<String>> uses) {
    return uses.computeIfAbsent(name, each -> new LinkedHashSet<>());
  }

  /** The names of sets, maps and chains in an expression. */
  private static void collect(JsonNode expression, Set<String> names) {
    if (expression.isTextual() && expression.textValue().startsWith("@")) {
      names.add(expression.textValue().substring(1));
    }
    if (expression.path("target").isTextual()) {
      names.add(expression.path("target").textValue());
    }
    expression.forEach(part -> collect(part, names));
  }

  private static Element element(String map, JsonNode element) {
    JsonNode key = element.isArray() ? element.path(0) : element;
    JsonNode value = element.isArray() ? element.path(1) : JSON.nullNode();
    JsonNode commented = key.path("elem");
    return Element.of(
        map,
        (commented.isMissingNode() ? key : commented.path("val")).asText(),
        value(value),
        commented.path("comment").asText());
  }

  private static String value(JsonNode value) {
    if (value.has("jump")) {
      return Element.jump("", "", value.path("jump").path("target").asText(), "").value();
    }
    if (value.has("concat")) {
      List<String> parts = new ArrayList<>();
      value.path("concat").forEach(part -> parts.add(part.asText()));
      return String.join(" . ", parts);
    }
    return value.isNull() ? "" : value.asText();
  }
}
