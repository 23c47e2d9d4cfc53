package io.dualstack.impl.kernel.nftables;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a script, one after the other; ends of lines are words. */
final class Tokens {
  static final String LINE = "\n";
  private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|[{},;\n]|[^\\s{},;\"]+");

  private final List<String> words = new ArrayList<>();
  private int at;

  Tokens(String script) {
    Matcher matcher = WORD.matcher(script);
    while (matcher.find()) {
      words.add(matcher.group());
    }
  }

  private Tokens(List<String> words) {
    this.words.addAll(words);
  }

  /** Takes what is left of a block that was begun, without the brace that ends it. */
  Tokens block() {
    int start = at;
    int open = 1;
    while (open > 0) {
      String word = next();
      open += word.equals("{") ? 1 : word.equals("}") ? -1 : 0;
    }
    return new Tokens(words.subList(start, at - 1));
  }

  /** Takes what is left of a block that was begun, in braces. */
  Tokens braced() {
    int start = at - 1;
    int end = at + block().words.size() + 1;
    return new Tokens(words.subList(start, end));
  }

  /** Returns the next word and leaves it; a blank at the end. */
  String peek() {
    return at < words.size() ? words.get(at) : "";
  }

  String next() {
    if (at == words.size()) {
      throw new IllegalArgumentException("ends too early");
    }
    return words.get(at++);
  }

  /** Takes the next word if it is this one. */
  boolean accept(String word) {
    if (peek().equals(word)) {
      at++;
      return true;
    }
    return false;
  }

  void expect(String... expected) {
    for (String word : expected) {
      String found = next();
      if (!found.equals(word)) {
        throw new IllegalArgumentException(
            "\"%s\" where \"%s\" is expected: is not known here".formatted(found, word));
      }
    }
  }

  /** Passes ends of lines, and returns whether there is more. */
  boolean skipLines() {
    while (accept(LINE) || accept(";")) {
      // Nothing is there.
    }
    return at < words.size();
  }

  /** Takes a text without the quotes around it, if it has any. */
  String text() {
    String word = next();
    return word.startsWith("\"") ? word.substring(1, word.length() - 1) : word;
  }

  long number() {
    return Long.parseLong(next());
  }

  /** Takes {@code N/second}. */
  long perSecond() {
    String rate = next();
    if (!rate.endsWith("/second")) {
      throw new IllegalArgumentException(rate + ": is no rate by the second");
    }
    return Long.parseLong(rate.substring(0, rate.indexOf('/')));
  }

  /** Takes the name behind an {@code @}. */
  String reference() {
    String word = next();
    if (!word.startsWith("@")) {
      throw new IllegalArgumentException(word + ": is no set or map");
    }
    return word.substring(1);
  }
}
