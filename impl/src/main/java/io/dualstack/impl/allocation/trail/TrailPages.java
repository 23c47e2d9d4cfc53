package io.dualstack.impl.allocation.trail;

import com.google.common.collect.AbstractIterator;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.spi.AllocationStore;
import java.util.Collections;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * A part of the audit trail of a space, read as it is walked, so that a long one needs no more
 * memory than a short one.
 */
public final class TrailPages implements Iterable<HistoryEntry> {

  private static final long REVISIONS_PER_PAGE = 4096;

  private final AllocationStore store;
  private final AddressSpace space;
  private final long after;
  private final long upTo;

  /** Tells of the lines with a revision above {@code after} and up to {@code upTo}. */
  public TrailPages(AllocationStore store, AddressSpace space, long after, long upTo) {
    this.store = store;
    this.space = space;
    this.after = after;
    this.upTo = upTo;
  }

  @Override
  public Iterator<HistoryEntry> iterator() {
    return new AbstractIterator<>() {
      private long read = after;
      private Iterator<HistoryEntry> page = Collections.emptyIterator();

      @Override
      protected @Nullable HistoryEntry computeNext() {
        while (!page.hasNext()) {
          if (read >= upTo) {
            return endOfData();
          }
          long next = Math.min(read + REVISIONS_PER_PAGE, upTo);
          page = store.changesBetween(space, read, next).iterator();
          read = next;
        }
        return page.next();
      }
    };
  }
}
