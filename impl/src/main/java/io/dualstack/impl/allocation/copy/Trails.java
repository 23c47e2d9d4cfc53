package io.dualstack.impl.allocation.copy;

import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.impl.allocation.trail.TrailPages;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/** The audit trails of several spaces of a store, one change set after the other. */
final class Trails implements Iterator<Trails.Lines> {

  /**
   * The lines of one change set.
   *
   * @param space its space
   * @param lines at least one
   */
  record Lines(AddressSpace space, List<HistoryEntry> lines) {
    long revision() {
      return lines.get(0).revision();
    }
  }

  private final PriorityQueue<Trail> trails =
      new PriorityQueue<>(Comparator.comparingLong(Trail::revision));

  /** Tells of what was committed after a revision and up to one. */
  Trails(AllocationStore store, Collection<AddressSpace> spaces, long after, long upTo) {
    for (AddressSpace space : spaces) {
      Iterator<HistoryEntry> lines = new TrailPages(store, space, after, upTo).iterator();
      if (lines.hasNext()) {
        trails.add(new Trail(space, lines));
      }
    }
  }

  @Override
  public boolean hasNext() {
    return !trails.isEmpty();
  }

  @Override
  public Lines next() {
    Trail first = trails.poll();
    if (first == null) {
      throw new NoSuchElementException();
    }
    Lines taken = first.take();
    if (!first.ended) {
      trails.add(first);
    }
    return taken;
  }

  /** What is left of a trail, of which there is a line. */
  private static final class Trail {
    private final AddressSpace space;
    private final Iterator<HistoryEntry> rest;
    private HistoryEntry next;
    private boolean ended;

    Trail(AddressSpace space, Iterator<HistoryEntry> lines) {
      this.space = space;
      this.next = lines.next();
      this.rest = lines;
    }

    long revision() {
      return next.revision();
    }

    Lines take() {
      List<HistoryEntry> lines = new ArrayList<>();
      long revision = revision();
      do {
        lines.add(next);
        ended = !rest.hasNext();
        next = ended ? next : rest.next();
      } while (!ended && next.revision() == revision);
      return new Lines(space, lines);
    }
  }
}
