package io.dualstack.impl.kernel.nftables;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The elements of a set or map.
 *
 * @param type what it holds
 * @param all the elements
 */
record SetElements(SetType type, List<Element> all) {
  private static final int KEY = 1;
  private static final int DATA = 2;
  private static final int FLAGS = 3;
  private static final int USER_DATA = 6;
  private static final int KEY_END = 10;
  private static final int INTERVAL_END = 1;
  private static final int LIST_ELEMENT = 1;

  /**
   * One element.
   *
   * @param first the lowest of its keys
   * @param last the highest
   * @param comment empty for none
   * @param value what is found there; empty in a set
   */
  record Element(byte[] first, byte[] last, String comment, List<String> value) {}

  /** Reads elements up to and with the closing brace. */
  static SetElements read(Tokens tokens, SetType type) {
    List<Element> elements = new ArrayList<>();
    tokens.expect("{");
    tokens.skipLines();
    while (!tokens.accept("}")) {
      elements.add(element(tokens, type));
      boolean isMore = tokens.skipLines();
      assert isMore;
      if (tokens.accept(",")) {
        tokens.skipLines();
      }
    }
    return new SetElements(type, elements);
  }

  private static Element element(Tokens tokens, SetType type) {
    List<String> parts = new ArrayList<>();
    do {
      parts.add(tokens.text());
    } while (tokens.accept("."));
    String comment = tokens.accept("comment") ? tokens.text() : "";
    List<String> value = new ArrayList<>();
    if (tokens.accept(":")) {
      do {
        value.add(tokens.text());
      } while (tokens.accept(".")
          || value.equals(List.of("jump"))
          || value.equals(List.of("goto")));
    }
    return new Element(type.key(parts, true), type.key(parts, false), comment, value);
  }

  /** Returns whether all elements have one key. */
  boolean isPoints() {
    return all.stream().allMatch(each -> Arrays.equals(each.first(), each.last()));
  }

  /** Returns them as attributes of a list. */
  List<Attributes> written() {
    return type.isInterval() && !type.isConcatenation()
        ? intervals()
        : all.stream()
            .map(each -> element(each, out -> type.isInterval() ? last(out, each) : out))
            .toList();
  }

  private static Attributes last(Attributes out, Element element) {
    return Expressions.value(out, KEY_END, element.last());
  }

  /** The kernel has where intervals begin, and where they end; none is added to others later. */
  private List<Attributes> intervals() {
    List<Attributes> written = new ArrayList<>();
    List<Element> sorted = new ArrayList<>(all);
    sorted.sort(Comparator.comparing(each -> number(each.first())));
    if (!sorted.isEmpty() && number(sorted.get(0).first()).signum() > 0) {
      written.add(end(BigInteger.ZERO));
    }
    for (Element each : sorted) {
      written.add(element(each, out -> out));
      BigInteger end = number(each.last()).add(BigInteger.ONE);
      if (end.bitLength() <= Byte.SIZE * type.size()) {
        written.add(end(end));
      }
    }
    return written;
  }

  private static BigInteger number(byte[] key) {
    return new BigInteger(1, key);
  }

  private Attributes end(BigInteger at) {
    byte[] bytes = at.toByteArray();
    byte[] key = new byte[type.size()];
    int length = Math.min(bytes.length, key.length);
    System.arraycopy(bytes, bytes.length - length, key, key.length - length, length);
    return new Attributes()
        .nested(LIST_ELEMENT, out -> Expressions.value(out, KEY, key).number(FLAGS, INTERVAL_END));
  }

  private interface More {
    Attributes write(Attributes out);
  }

  private Attributes element(Element element, More more) {
    return new Attributes()
        .nested(
            LIST_ELEMENT,
            out -> {
              more.write(Expressions.value(out, KEY, element.first()));
              if (!element.value().isEmpty()) {
                value(out, element.value());
              }
              if (!element.comment().isEmpty()) {
                out.value(USER_DATA, UserData.comment(element.comment()));
              }
            });
  }

  private void value(Attributes out, List<String> value) {
    if (type.isVerdict()) {
      int code = value.get(0).equals("goto") ? Expressions.GOTO : Expressions.JUMP;
      Attributes written =
          value.size() == 2
              ? Expressions.verdict(out, DATA, code, value.get(1))
              : Expressions.verdict(out, DATA, SetType.verdict(value.get(0)), "");
      assert written == out;
    } else {
      Attributes written = Expressions.value(out, DATA, type.value(value));
      assert written == out;
    }
  }
}
