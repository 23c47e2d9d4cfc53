package io.dualstack.impl.allocation.store;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.BlockState;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.Refusal;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Why a step about a block can't be taken: told by what the database holds in its place. */
public final class RefusalReasons {

  private RefusalReasons() {}

  /** What a database is asked about one space. */
  public interface Held {

    /** Returns the first block that overlaps one; null when there is none. */
    @Nullable AllocatedBlock inTheWay(AllocatedBlock wanted) throws SQLException;

    /** Returns the active block that takes the slot of one; null when there is none. */
    @Nullable AllocatedBlock slotHolder(AllocatedBlock wanted) throws SQLException;
  }

  /** Says why a step can't be taken; null when it can. */
  public static @Nullable Refusal of(Change change, Held held) throws SQLException {
    if (change instanceof Change.Add wanted) {
      AllocatedBlock holder = held.inTheWay(wanted.block());
      return holder == null
          ? slotTaken(wanted.block(), held)
          : new Refusal.Overlap(wanted.block().block(), holder);
    }
    if (change instanceof Change.Replace replaced) {
      Refusal notHeld = notHeld(replaced.before(), held);
      return notHeld == null ? slotTaken(replaced.after(), held) : notHeld;
    }
    if (change instanceof Change.Remove removed) {
      return notHeld(removed.block(), held);
    }
    throw new IllegalArgumentException(change + ": is not about a block");
  }

  /** Says whether a block takes its owner's slot of its network. */
  public static boolean takesSlot(AllocatedBlock block) {
    return block.state() == BlockState.ACTIVE && block.kind() != AllocationKind.EXTERNAL;
  }

  private static @Nullable Refusal notHeld(AllocatedBlock expected, Held held) throws SQLException {
    AllocatedBlock actual = held.inTheWay(expected);
    if (expected.equals(actual)) {
      return null;
    }
    boolean same = actual != null && actual.block().equals(expected.block());
    return new Refusal.NotHeld(expected, same ? actual : null);
  }

  private static @Nullable Refusal slotTaken(AllocatedBlock wanted, Held held) throws SQLException {
    if (!takesSlot(wanted)) {
      return null;
    }
    AllocatedBlock holder = held.slotHolder(wanted);
    return holder == null || holder.block().equals(wanted.block())
        ? null
        : new Refusal.SlotTaken(wanted.block(), holder);
  }
}
