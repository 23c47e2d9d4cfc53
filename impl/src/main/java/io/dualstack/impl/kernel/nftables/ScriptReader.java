package io.dualstack.impl.kernel.nftables;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads a script, and writes the messages that it means. */
final class ScriptReader {
  private static final Map<String, Integer> HOOKS =
      Map.of("prerouting", 0, "input", 1, "forward", 2, "output", 3, "postrouting", 4);
  private static final Map<String, Integer> PRIORITIES =
      Map.of("mangle", -150, "dstnat", -100, "filter", 0, "srcnat", 100);

  private final Tokens tokens;
  private final Batch batch;

  /** What sets and maps hold that were made before, and those made here. */
  private final Map<String, SetType> types;

  ScriptReader(String script, Batch batch, Map<String, SetType> types) {
    this.tokens = new Tokens(script);
    this.batch = batch;
    this.types = new HashMap<>(types);
  }

  void read() {
    while (tokens.skipLines()) {
      String verb = tokens.next();
      switch (verb) {
        case "table" -> table();
        case "add" -> {
          tokens.expect("element");
          elements(Batch.NEW_ELEMENT);
        }
        case "delete" -> delete();
        default -> throw new IllegalArgumentException(verb + ": is not known here");
      }
    }
  }

  private void name() {
    tokens.expect("inet");
    batch.table(tokens.next());
  }

  private void elements(int verb) {
    name();
    String set = tokens.next();
    SetType type = types.get(set);
    if (type == null) {
      throw new IllegalArgumentException(set + ": nothing is known of what it holds");
    }
    batch.elements(verb, batch.reference(set), SetElements.read(tokens, type).written());
  }

  private void delete() {
    String kind = tokens.next();
    switch (kind) {
      case "table" -> {
        name();
        batch.plain(Batch.DELETE_TABLE, "");
      }
      case "element" -> elements(Batch.DELETE_ELEMENT);
      case "chain", "set", "map" -> {
        name();
        batch.plain(kind.equals("chain") ? Batch.DELETE_CHAIN : Batch.DELETE_SET, tokens.next());
      }
      default -> throw new IllegalArgumentException("delete " + kind + ": is not known here");
    }
  }

  // A table

  /** Rules and elements lead to what may stand behind them, so they are made after all else. */
  private void table() {
    name();
    batch.plain(Batch.NEW_TABLE, "");
    if (!tokens.accept("{")) {
      return;
    }
    Map<String, SetElements> filled = new LinkedHashMap<>();
    Map<String, Tokens> chains = new LinkedHashMap<>();
    boolean isMore = tokens.skipLines();
    while (isMore && !tokens.accept("}")) {
      String kind = tokens.next();
      String name = tokens.next();
      tokens.expect("{");
      switch (kind) {
        case "chain" -> chains.put(name, chain(name));
        case "set", "map" -> filled.put(name, set(name));
        default -> throw new IllegalArgumentException(kind + ": is not known here");
      }
      isMore = tokens.skipLines();
    }
    filled.forEach(
        (name, elements) ->
            batch.elements(Batch.NEW_ELEMENT, batch.reference(name), elements.written()));
    chains.forEach(
        (name, lines) -> {
          while (lines.skipLines()) {
            batch.rule(name, new RuleReader(lines, batch).read());
          }
        });
  }

  /** Returns the lines of its rules, which may have braces in them. */
  private Tokens chain(String name) {
    tokens.skipLines();
    if (tokens.accept("type")) {
      String type = tokens.next();
      tokens.expect("hook");
      int hook = known(HOOKS, tokens.next());
      tokens.expect("priority");
      batch.baseChain(name, type, hook, known(PRIORITIES, tokens.next()));
      tokens.expect(";", "policy", "accept", ";");
    } else {
      batch.plain(Batch.NEW_CHAIN, name);
    }
    return tokens.block();
  }

  private static int known(Map<String, Integer> numbers, String word) {
    Integer number = numbers.get(word);
    if (number == null) {
      throw new IllegalArgumentException(word + ": is not known here");
    }
    return number;
  }

  private SetElements set(String name) {
    StringBuilder typeText = new StringBuilder();
    boolean isInterval = false;
    long size = 0;
    long timeout = 0;
    Tokens elements = new Tokens("{ }");
    tokens.skipLines();
    while (!tokens.accept("}")) {
      String key = tokens.next();
      switch (key) {
        case "type" -> {
          while (!tokens.peek().equals(Tokens.LINE)) {
            typeText.append(typeText.isEmpty() ? "" : " ").append(tokens.next());
          }
        }
        case "flags" -> {
          String flag = tokens.next();
          isInterval = flag.equals("interval");
          if (!isInterval && !flag.equals("dynamic")) {
            throw new IllegalArgumentException(flag + ": is no flag that is known here");
          }
        }
        case "size" -> size = tokens.number();
        case "timeout" -> {
          String time = tokens.next();
          timeout = Long.parseLong(time.substring(0, time.indexOf("ms")));
        }
        case "elements" -> {
          tokens.expect("=", "{");
          elements = tokens.braced();
        }
        default -> throw new IllegalArgumentException(key + ": is not known here");
      }
      tokens.skipLines();
    }
    SetType type = SetType.of(typeText.toString(), isInterval);
    types.put(name, type);
    batch.set(name, type, size, timeout);
    return SetElements.read(elements, type);
  }
}
