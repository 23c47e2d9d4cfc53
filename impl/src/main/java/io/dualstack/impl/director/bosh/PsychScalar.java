package io.dualstack.impl.director.bosh;

import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * What Ruby's Psych, with which BOSH reads its files, makes of a scalar. It follows YAML 1.1 with
 * rules of its own; those that matter here:
 *
 * <ul>
 *   <li>{@code yes}, {@code on}, {@code true} and {@code no}, {@code off}, {@code false} are
 *       booleans in any case; {@code y} and {@code n} are text;
 *   <li>{@code 0777} is octal, {@code 080} is text, {@code 0x50} hexadecimal, {@code 1_000} and
 *       {@code 1,000} a thousand;
 *   <li>{@code 1:20} and {@code 1:2:3} are numbers of base 60; with two parts it counts them as
 *       hours and minutes, so {@code 1:20} is 4800. More parts are text, so no whole IPv6 address
 *       is ever a number;
 *   <li>what starts with a colon is a symbol: {@code ::1} without quotes is not text;
 *   <li>{@code 2001-01-01} is a date.
 * </ul>
 *
 * @param kind what it is
 * @param text the text as written
 * @param value a Boolean, BigInteger or Double; the text itself for all other kinds
 */
record PsychScalar(Kind kind, String text, Object value) {

  /** What a scalar is. */
  enum Kind {
    NULL("nothing"),
    BOOLEAN("a boolean"),
    INTEGER("a number"),
    FLOAT("a number"),
    SYMBOL("a symbol"),
    TIME("a date"),
    STRING("text");

    /** In words, with an article. */
    final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  private static final int LONGEST_NUMBER = 64;
  private static final Pattern LETTERS =
      Pattern.compile("[^\\d.:-]?[\\p{IsAlphabetic}_\\s!@#$%^&*(){}<>|/\\\\~;=]+");
  private static final Pattern TIME =
      Pattern.compile(
          "-?\\d{4}-\\d{1,2}-\\d{1,2}(?:[Tt]|\\s+)\\d{1,2}:\\d\\d:\\d\\d(?:\\.\\d*)?"
              + "(?:\\s*(?:Z|[-+]\\d{1,2}:?(?:\\d\\d)?))?");
  private static final Pattern DATE =
      Pattern.compile("\\d{4}-(?:1[012]|0\\d|\\d)-(?:[12]\\d|3[01]|0\\d|\\d)");
  private static final Pattern INFINITE = Pattern.compile("(?i)[+-]?\\.inf|\\.nan");
  private static final Pattern BASE_60 = Pattern.compile("[-+]?[0-9][0-9_]*(:[0-5]?[0-9]){1,2}");
  private static final Pattern BASE_60_FLOAT =
      Pattern.compile("[-+]?[0-9][0-9_]*(:[0-5]?[0-9]){1,2}\\.[0-9_]*");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(?:[0-9][0-9_,]*\\.[0-9]*|\\.[0-9]+)([eE][-+][0-9]+)?");
  private static final Pattern INTEGER =
      Pattern.compile(
          "[-+]?0b[0-1_,]+|[-+]?0[0-7_,]+|[-+]?(?:0|[1-9](?:[0-9]|,[0-9]|_[0-9])*)"
              + "|[-+]?0x[0-9a-fA-F_,]+");

  static PsychScalar of(ScalarNode node) {
    // Without a tag of its own a plain scalar is resolved; quotes or !!str make it text.
    return node.isPlain() && !(isTagged(node) && node.getTag().equals(Tag.STR))
        ? ofPlain(node.getValue())
        : string(node.getValue());
  }

  private static boolean isTagged(ScalarNode node) {
    return !node.isResolved();
  }

  /** What a scalar without quotes is. */
  static PsychScalar ofPlain(String text) {
    if (text.isEmpty()) {
      return new PsychScalar(Kind.NULL, text, text);
    }
    if (LETTERS.matcher(text).lookingAt() || text.indexOf('\n') >= 0) {
      return word(text);
    }
    if (text.length() > LONGEST_NUMBER) {
      return text.startsWith(":") ? new PsychScalar(Kind.SYMBOL, text, text) : string(text);
    }
    if (TIME.matcher(text).matches() || DATE.matcher(text).matches()) {
      return new PsychScalar(Kind.TIME, text, text);
    }
    if (INFINITE.matcher(text).matches()) {
      return new PsychScalar(Kind.FLOAT, text, infinite(text));
    }
    if (text.length() > 1 && text.startsWith(":")) {
      return new PsychScalar(Kind.SYMBOL, text, text);
    }
    return number(text);
  }

  private static PsychScalar word(String text) {
    return switch (text.length() > 5 ? "" : text.toLowerCase(Locale.ROOT)) {
      case "~", "null" -> new PsychScalar(Kind.NULL, text, text);
      case "yes", "true", "on" -> new PsychScalar(Kind.BOOLEAN, text, true);
      case "no", "false", "off" -> new PsychScalar(Kind.BOOLEAN, text, false);
      default -> string(text);
    };
  }

  private static PsychScalar number(String text) {
    if (BASE_60.matcher(text).matches()) {
      return new PsychScalar(Kind.INTEGER, text, base60(text));
    }
    String digits = text.replace("_", "").replace(",", "");
    if (BASE_60_FLOAT.matcher(text).matches()) {
      int last = text.lastIndexOf(':') + 1;
      double whole = base60(text.substring(0, last) + "0").doubleValue();
      double weight = text.indexOf(':') == last - 1 ? 60 : 1;
      return new PsychScalar(
          Kind.FLOAT,
          text,
          whole + weight * Double.parseDouble(text.substring(last).replace("_", "")));
    }
    if (FLOAT.matcher(text).matches()) {
      return new PsychScalar(Kind.FLOAT, text, Double.parseDouble(digits));
    }
    if (INTEGER.matcher(text).matches()) {
      BigInteger value = integer(digits);
      return value == null ? string(text) : new PsychScalar(Kind.INTEGER, text, value);
    }
    return string(text);
  }

  private static @Nullable BigInteger integer(String signedDigits) {
    boolean negative = signedDigits.startsWith("-");
    String digits =
        negative || signedDigits.startsWith("+") ? signedDigits.substring(1) : signedDigits;
    int base = 10;
    if (digits.startsWith("0x") || digits.startsWith("0b")) {
      base = digits.charAt(1) == 'x' ? 16 : 2;
      digits = digits.substring(2);
    } else if (digits.startsWith("0")) {
      base = 8;
    }
    if (digits.isEmpty()) {
      return null;
    }
    BigInteger value = new BigInteger(digits, base);
    return negative ? value.negate() : value;
  }

  private static BigInteger base60(String text) {
    BigInteger sum = BigInteger.ZERO;
    long weight = 3600;
    for (String part : text.replace("_", "").split(":", -1)) {
      String digits = part.startsWith("+") ? part.substring(1) : part;
      sum = sum.add(new BigInteger(digits).multiply(BigInteger.valueOf(weight)));
      weight /= 60;
    }
    return sum;
  }

  private static double infinite(String text) {
    if (text.toLowerCase(Locale.ROOT).endsWith("nan")) {
      return Double.NaN;
    }
    return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
  }

  private static PsychScalar string(String text) {
    return new PsychScalar(Kind.STRING, text, text);
  }

  boolean isNull() {
    return kind == Kind.NULL;
  }

  /** How it reads to BOSH, for messages: {@code the number 80}, {@code a symbol}. */
  String reads() {
    return switch (kind) {
      case INTEGER -> "the number " + value;
      case BOOLEAN -> String.valueOf(value);
      case NULL, FLOAT, SYMBOL, TIME, STRING -> kind.words;
    };
  }
}
