package io.dualstack.impl.allocation.store.jdbc;

import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.Refusal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes documents, each as its step comes. The quotes are for engines where KEY is a word. */
public final class DocumentStatements {

  /** Finds the text of a space and a key. */
  public static final String FIND = "SELECT text FROM document WHERE space = ? AND \"key\" = ?";

  /** Finds keys and texts of a space from a key on. */
  public static final String FROM =
      "SELECT \"key\", text FROM document WHERE space = ? AND \"key\" >= ?";

  /** Finds keys and texts of a space from a key up to before another. */
  public static final String BETWEEN = FROM + " AND \"key\" < ?";

  private final Dialect dialect;
  private final PreparedStatement put;
  private final PreparedStatement remove;
  private final PreparedStatement find;

  /**
   * Prepares.
   *
   * @param put writes the text of a space and a key, whether one was there or not
   */
  public DocumentStatements(Connection connection, Dialect dialect, String put)
      throws SQLException {
    this.dialect = dialect;
    this.put = connection.prepareStatement(put);
    this.remove =
        connection.prepareStatement("DELETE FROM document WHERE space = ? AND \"key\" = ?");
    this.find = connection.prepareStatement(FIND);
  }

  /** Takes a step; false if it is refused. */
  public boolean apply(int space, Change change) throws SQLException {
    if (change instanceof Change.PutDocument document) {
      put.setInt(1, space);
      put.setString(2, document.key());
      dialect.bindText(put, 3, document.text());
      put.executeUpdate();
    } else if (change instanceof Change.RemoveDocument document) {
      remove.setInt(1, space);
      remove.setString(2, document.key());
      remove.executeUpdate();
    }
    return refusalOf(space, change) == null;
  }

  /** Says why a step can't be taken; null when it can. */
  public @Nullable Refusal refusalOf(int space, Change change) throws SQLException {
    return change instanceof Change.ExpectDocument expected
            && !Objects.equals(text(space, expected.key()), expected.text())
        ? new Refusal.DocumentChanged(expected.key())
        : null;
  }

  private @Nullable String text(int space, String key) throws SQLException {
    find.setInt(1, space);
    find.setString(2, key);
    try (ResultSet row = find.executeQuery()) {
      return row.next() ? dialect.text(row, 1) : null;
    }
  }
}
