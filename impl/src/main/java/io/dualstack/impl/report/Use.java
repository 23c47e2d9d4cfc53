package io.dualstack.impl.report;

import io.dualstack.allocation.AllocatedBlock;
import java.util.Locale;

/** What a part of a range is used for. */
enum Use {
  FREE("free"),
  RESERVED("reserved"),
  SET_ASIDE("set aside for static use"),
  DYNAMIC("dynamic"),
  STATIC("static"),
  EXTERNAL("used elsewhere"),
  OBSOLETE("given up, not detached yet"),
  RESTING("resting");

  private final String words;

  Use(String words) {
    this.words = words;
  }

  static Use of(AllocatedBlock held) {
    return switch (held.state()) {
      case OBSOLETE -> OBSOLETE;
      case QUARANTINED -> RESTING;
      case ACTIVE ->
          switch (held.kind()) {
            case DYNAMIC -> DYNAMIC;
            case STATIC -> STATIC;
            case EXTERNAL -> EXTERNAL;
          };
    };
  }

  String words() {
    return words;
  }

  /** Says whether somebody holds it; else it is free or planned. */
  boolean isHeld() {
    return compareTo(DYNAMIC) >= 0;
  }

  /** The name of its class in the page's style sheet. */
  String style() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
