package io.dualstack.impl.allocation.store.jdbc;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.Refusal;
import io.dualstack.impl.allocation.store.RefusalReasons;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What the database holds in the place of a block, for the connection that writes. */
public final class HeldBlocks {

  private final Dialect dialect;
  private final PreparedStatement inTheWay;
  private final PreparedStatement slotHolder;

  /** Prepares. */
  public HeldBlocks(Connection connection, Dialect dialect) throws SQLException {
    this.dialect = dialect;
    this.inTheWay = connection.prepareStatement(dialect.inTheWay());
    this.slotHolder = connection.prepareStatement(dialect.slotHolder());
  }

  /** Says why a step about a block can't be taken; null when it can. */
  public @Nullable Refusal refusalOf(int space, Change change) throws SQLException {
    return RefusalReasons.of(
        change,
        new RefusalReasons.Held() {
          @Override
          public @Nullable AllocatedBlock inTheWay(AllocatedBlock wanted) throws SQLException {
            dialect.bindBlock(inTheWay, space, wanted.block());
            return first(inTheWay);
          }

          @Override
          public @Nullable AllocatedBlock slotHolder(AllocatedBlock wanted) throws SQLException {
            slotHolder.setInt(1, space);
            slotHolder.setString(2, wanted.owner().id());
            slotHolder.setString(3, wanted.network());
            return first(slotHolder);
          }
        });
  }

  private @Nullable AllocatedBlock first(PreparedStatement query) throws SQLException {
    try (ResultSet rows = query.executeQuery()) {
      return rows.next() ? new RowReader(dialect, rows).block(1) : null;
    }
  }
}
