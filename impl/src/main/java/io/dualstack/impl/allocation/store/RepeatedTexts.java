package io.dualstack.impl.allocation.store;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes texts that repeat from row to row of an answer one object. For one thread. */
public final class RepeatedTexts {
  /** Enough for networks and zones; lives of owners may all be different. */
  private static final int MAX = 1024;

  private final Map<String, String> texts = new HashMap<>();

  /** Returns a text, the same object for the same text as far as there is room. */
  public String one(String text) {
    String known = texts.get(text);
    if (known != null) {
      return known;
    }
    if (texts.size() < MAX) {
      texts.put(text, text);
    }
    return text;
  }

  /** Returns a text, or null for none. */
  public @Nullable String oneOrNone(@Nullable String text) {
    return text == null ? null : one(text);
  }
}
