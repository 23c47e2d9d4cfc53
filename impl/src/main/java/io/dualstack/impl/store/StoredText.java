package io.dualstack.impl.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Text as stores keep it: UTF-8, of whole characters. */
public final class StoredText {

  private StoredText() {}

  /** Says whether UTF-8 has a byte for each character. */
  public static boolean isAscii(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /**
   * Refuses text that no store could keep.
   *
   * @throws IllegalArgumentException if the text has half a surrogate pair
   */
  public static void requireWholeCharacters(String value) {
    if (!isAscii(value)) {
      utf8(value);
    }
  }

  /**
   * Refuses text with the character U+0000, for engines whose texts can't have it.
   *
   * @param field what the text is
   * @param engine who can't store it
   * @throws IllegalArgumentException if the text has it
   */
  public static void requireWithoutZero(String field, String text, String engine) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          field
              + ": \""
              + text
              + "\" has the character U+0000, which "
              + engine
              + " can't store; leave it out");
    }
  }

  /** Says whether a text is of whole characters. */
  public static boolean isWhole(String value) {
    return UTF_8.newEncoder().canEncode(value);
  }

  /**
   * Returns the bytes of a text.
   *
   * @throws IllegalArgumentException if the text has half a surrogate pair
   */
  public static byte[] utf8(String value) {
    try {
      ByteBuffer encoded =
          UTF_8
              .newEncoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .encode(CharBuffer.wrap(value));
      return Arrays.copyOf(encoded.array(), encoded.limit());
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "\"" + value + "\": half of a surrogate pair can't be stored; use whole characters", e);
    }
  }

  /**
   * Returns the first text, in the order of Unicode code points, behind all that start with a
   * prefix; null when there is none.
   */
  public static @Nullable String behind(String prefix) {
    int end = prefix.length();
    while (end > 0) {
      int last = prefix.codePointBefore(end);
      end -= Character.charCount(last);
      if (last < Character.MAX_CODE_POINT) {
        int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
        return prefix.substring(0, end) + Character.toString(next);
      }
    }
    return null;
  }
}
