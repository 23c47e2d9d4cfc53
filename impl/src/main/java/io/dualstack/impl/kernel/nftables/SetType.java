package io.dualstack.impl.kernel.nftables;

import io.dualstack.net.IpPrefix;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a set or map holds.
 *
 * @param keys the parts of its keys
 * @param values the parts of its values; empty for a set, and for verdicts
 * @param isVerdict whether its values are verdicts
 * @param isInterval whether its elements have ranges of keys
 */
record SetType(List<Datatype> keys, List<Datatype> values, boolean isVerdict, boolean isInterval) {
  private static final String VERDICT = "verdict";
  private static final int VERDICT_NUMBER = 0xffffff00;
  private static final int WORD = 4;
  private static final int HOST_ORDER = 1;
  private static final int HIGHEST_FIRST = 2;

  /**
   * Reads a type.
   *
   * @param text such as {@code ipv4_addr . inet_service : mark}
   */
  static SetType of(String text, boolean isInterval) {
    String[] sides = text.split(" : ", 2);
    boolean isVerdict = sides.length == 2 && sides[1].equals(VERDICT);
    return new SetType(
        types(sides[0]),
        sides.length < 2 || isVerdict ? List.of() : types(sides[1]),
        isVerdict,
        isInterval);
  }

  private static List<Datatype> types(String text) {
    return Stream.of(text.split(" \\. ")).map(Datatype::of).toList();
  }

  boolean isMap() {
    return isVerdict || !values.isEmpty();
  }

  boolean isConcatenation() {
    return keys.size() > 1;
  }

  static int verdict(String word) {
    return switch (word) {
      case "accept" -> Expressions.ACCEPT;
      case "drop" -> Expressions.DROP;
      default -> throw new IllegalArgumentException(word + ": is no verdict that is known here");
    };
  }

  int keyNumber() {
    return number(keys);
  }

  int valueNumber() {
    return isVerdict ? VERDICT_NUMBER : number(values);
  }

  private static int number(List<Datatype> types) {
    int number = 0;
    for (Datatype type : types) {
      number = number << Datatype.BITS_IN_CONCATENATION | type.number();
    }
    return number;
  }

  /** The bytes of a key. */
  int size() {
    return size(keys);
  }

  int valueSize() {
    return size(values);
  }

  private static int size(List<Datatype> types) {
    return types.size() == 1
        ? types.get(0).size()
        : types.stream().mapToInt(type -> words(type) * WORD).sum();
  }

  /** Returns how many registers of four bytes a part takes. */
  static int words(Datatype type) {
    return (type.size() + WORD - 1) / WORD;
  }

  int keyOrder() {
    return order(keys);
  }

  int valueOrder() {
    return isVerdict ? 0 : order(values);
  }

  private static int order(List<Datatype> types) {
    return types.size() > 1 ? 0 : types.get(0).isHostOrder() ? HOST_ORDER : HIGHEST_FIRST;
  }

  /** Returns the lowest or the highest key that parts say, each a value or two with a dash. */
  byte[] key(List<String> parts, boolean isFirst) {
    return bytes(
        keys,
        IntStream.range(0, parts.size())
            .mapToObj(
                at ->
                    at < keys.size() && keys.get(at) == Datatype.DEVICE
                        ? parts.get(at)
                        : bound(parts.get(at), isFirst))
            .toList());
  }

  byte[] value(List<String> parts) {
    return bytes(values, parts);
  }

  /** Returns the first or the last of a value, of two with a dash, or of a prefix. */
  static String bound(String text, boolean isFirst) {
    if (text.contains("/")) {
      IpPrefix prefix = IpPrefix.parse(text);
      return (isFirst ? prefix.first() : prefix.last()).toString();
    }
    int dash = text.indexOf('-');
    return dash < 0 ? text : isFirst ? text.substring(0, dash) : text.substring(dash + 1);
  }

  private static byte[] bytes(List<Datatype> types, List<String> parts) {
    if (types.size() != parts.size()) {
      throw new IllegalArgumentException(parts + ": are not of " + types);
    }
    if (types.size() == 1) {
      return types.get(0).alone(parts.get(0));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < parts.size(); i++) {
      byte[] part = types.get(i).bytes(parts.get(i));
      out.writeBytes(Arrays.copyOf(part, words(types.get(i)) * WORD));
    }
    return out.toByteArray();
  }
}
