package io.dualstack.routing;

import java.util.Set;

/** Which endpoints a router takes, by their isolation segment. */
public enum SegmentMode {
  /** All. */
  ALL,
  /** Those of the listed segments. */
  SEGMENTS,
  /** Those of the listed segments, and those of none. */
  SHARED_AND_SEGMENTS;

  /**
   * Returns whether endpoints of a segment are taken.
   *
   * @param segment the segment; empty for none
   * @param listed the segments that are listed
   * @return whether they are
   */
  public boolean admits(String segment, Set<String> listed) {
    return switch (this) {
      case ALL -> true;
      case SEGMENTS -> listed.contains(segment);
      case SHARED_AND_SEGMENTS -> segment.isEmpty() || listed.contains(segment);
    };
  }
}
