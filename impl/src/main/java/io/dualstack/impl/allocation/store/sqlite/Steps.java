package io.dualstack.impl.allocation.store.sqlite;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.impl.store.StoredText;
import java.util.List;

/**
 * A change set, its lines already encoded by the caller's own thread, so that the one thread that
 * writes for all has less to do.
 *
 * @param space the space
 * @param steps the changes in their order
 */
record Steps(AddressSpace space, List<Step> steps) {

  /**
   * One change.
   *
   * @param change the change
   * @param line its line in the audit trail without the revision, encoded; empty for documents
   * @param before what a replacement has in addition
   */
  record Step(Change change, byte[] line, byte[] before) {}

  private static final byte[] NONE = new byte[0];

  static Steps of(ChangeSet set) {
    if (set.changes().size() > Schema.MAX_LINES) {
      throw new IllegalArgumentException(
          set.space()
              + ": a set of "
              + set.changes().size()
              + " changes is too large; make several of at most "
              + Schema.MAX_LINES);
    }
    StoredText.requireWholeCharacters(set.space().name());
    Jsonb scratch = new Jsonb(256);
    return new Steps(
        set.space(), set.changes().stream().map(each -> step(each, set, scratch)).toList());
  }

  private static Step step(Change change, ChangeSet set, Jsonb scratch) {
    if (change instanceof Change.PutDocument document) {
      StoredText.requireWholeCharacters(document.key());
      StoredText.requireWholeCharacters(document.text());
    }
    HistoryEntry line = change.line(0, set.at());
    return new Step(
        change, line == null ? NONE : encode(line, scratch), encodeBefore(change, scratch));
  }

  private static byte[] encode(HistoryEntry line, Jsonb scratch) {
    scratch.clear();
    Rows.writeLine(scratch, line);
    return scratch.toBytes();
  }

  private static byte[] encodeBefore(Change change, Jsonb scratch) {
    if (change instanceof Change.Replace replace) {
      scratch.clear();
      Rows.writeBefore(scratch, replace.before());
      return scratch.toBytes();
    }
    return NONE;
  }
}
