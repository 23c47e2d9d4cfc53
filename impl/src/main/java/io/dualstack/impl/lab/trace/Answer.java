package io.dualstack.impl.lab.trace;

/**
 * What the sender of the packet learns.
 *
 * @param kind of which kind that is
 * @param words in words
 */
record Answer(Kind kind, String words) {
  /** Kinds of answers. */
  enum Kind {
    /** The other end takes it. */
    TAKEN,
    /** Somebody refuses it. */
    REFUSED,
    /** Somebody has no way to lead it. */
    UNREACHABLE,
    /** Nobody says anything. */
    SILENCE
  }
}
