package io.dualstack.testkit.cloud;

import static java.util.Objects.requireNonNull;

/** How a request to a fake goes wrong. */
public sealed interface Fault {

  /** Refused because there were too many, in the service's own words; nothing is done. */
  Fault THROTTLED = new Kind("throttled");

  /** Answered with a failure of the service itself; nothing is done. */
  Fault FAILED = new Kind("failed");

  /** The connection is cut; nothing is done. */
  Fault CUT_BEFORE = new Kind("cut before");

  /** All is done as asked, but the connection is cut in place of an answer. */
  Fault CUT_AFTER = new Kind("cut after");

  /** Not answered at all, and nothing is done; the connection stays open until the fake closes. */
  Fault SILENT = new Kind("silent");

  /**
   * One of the constants.
   *
   * @param name what it is, for messages
   */
  record Kind(String name) implements Fault {}

  /**
   * Answered with this; nothing is done.
   *
   * @param answer the answer
   */
  record Answered(FakeAnswer answer) implements Fault {
    /**
     * Checks that there is an answer.
     *
     * @param answer the answer
     */
    public Answered {
      requireNonNull(answer, "answer");
    }
  }
}
