package io.dualstack.impl.cni.hostlocal;

import io.dualstack.cni.Attachment;
import java.nio.charset.StandardCharsets;

/** The content of an address file: container, CR LF, interface; old versions wrote no interface. */
final class OwnerText {
  private static final String SEPARATOR = "\r\n";

  private OwnerText() {}

  static String of(Attachment attachment) {
    return attachment.containerId() + SEPARATOR + attachment.ifName();
  }

  static String read(byte[] content) {
    return trim(new String(content, StandardCharsets.UTF_8));
  }

  static String containerId(String owner) {
    int end = owner.indexOf(SEPARATOR);
    return end < 0 ? owner : owner.substring(0, end);
  }

  static String ifName(String owner) {
    int end = owner.indexOf(SEPARATOR);
    return end < 0 ? "" : owner.substring(end + SEPARATOR.length());
  }

  /** Drops white space at both ends: what the original calls so, which is Unicode's. */
  private static String trim(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (start < end && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == '\u0085' || Character.isSpaceChar(c);
  }
}
