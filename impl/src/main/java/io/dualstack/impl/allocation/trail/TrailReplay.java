package io.dualstack.impl.allocation.trail;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.HistoryEntry;
import io.dualstack.allocation.HistoryEntry.Event;
import io.dualstack.allocation.spi.Change;
import io.dualstack.net.IpPrefix;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of a space as its audit trail tells of them, from the first line on. Not thread-safe.
 */
public final class TrailReplay {

  private final TreeMap<IpPrefix, AllocatedBlock> held = new TreeMap<>();

  /** A line that no store can have written after those before it; the message says why. */
  public static final class ImpossibleLineException extends Exception {
    private static final long serialVersionUID = 1L;

    ImpossibleLineException(HistoryEntry line, String why) {
      super(
          "revision %d: %s of %s by %s: %s"
              .formatted(
                  line.revision(), line.event(), line.block().block(), line.block().owner(), why));
    }
  }

  /**
   * Takes the next line.
   *
   * @return the step that wrote it
   * @throws ImpossibleLineException if no step can have; the line is taken at its word nevertheless
   */
  public Change take(HistoryEntry line) throws ImpossibleLineException {
    AllocatedBlock told = line.block();
    AllocatedBlock before = held.get(told.block());
    AllocatedBlock inTheWay = before == null ? overlapping(told.block()) : null;
    if (line.event() == Event.FREED) {
      held.remove(told.block());
    } else {
      held.put(told.block(), told);
    }
    if (inTheWay != null) {
      throw new ImpossibleLineException(
          line, inTheWay.block() + " was held by " + inTheWay.owner() + " then");
    }
    return step(line, before);
  }

  private static Change step(HistoryEntry line, @Nullable AllocatedBlock before)
      throws ImpossibleLineException {
    AllocatedBlock told = line.block();
    if (line.event() == Event.FREED) {
      if (!told.equals(before)) {
        throw new ImpossibleLineException(line, "what was held then is " + before);
      }
      return new Change.Remove(told);
    }
    Change step;
    try {
      step = before == null ? new Change.Add(told) : new Change.Replace(before, told);
    } catch (IllegalArgumentException e) {
      throw new ImpossibleLineException(line, "nothing was held then");
    }
    if (!line.equals(step.line(line.revision(), line.at()))) {
      throw new ImpossibleLineException(line, "what was held then is " + before);
    }
    return step;
  }

  private @Nullable AllocatedBlock overlapping(IpPrefix block) {
    Map.Entry<IpPrefix, AllocatedBlock> before = held.floorEntry(block);
    if (before != null && before.getKey().overlaps(block)) {
      return before.getValue();
    }
    Map.Entry<IpPrefix, AllocatedBlock> after = held.ceilingEntry(block);
    return after != null && after.getKey().overlaps(block) ? after.getValue() : null;
  }

  /** Returns what is held after the last line, in address order. */
  public Collection<AllocatedBlock> held() {
    return Collections.unmodifiableCollection(held.values());
  }
}
