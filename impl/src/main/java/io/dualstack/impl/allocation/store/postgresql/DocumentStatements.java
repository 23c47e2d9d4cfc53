package io.dualstack.impl.allocation.store.postgresql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.Refusal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes documents, each as its step comes. */
final class DocumentStatements {

  private final PreparedStatement put;
  private final PreparedStatement remove;
  private final PreparedStatement find;

  DocumentStatements(Connection connection) throws SQLException {
    put =
        connection.prepareStatement(
            "INSERT INTO document (space, key, text) VALUES (?, ?, ?)"
                + " ON CONFLICT (space, key) DO UPDATE SET text = excluded.text");
    remove = connection.prepareStatement("DELETE FROM document WHERE space = ? AND key = ?");
    find = connection.prepareStatement(Queries.DOCUMENT);
  }

  /** Takes a step; false if it is refused. */
  boolean apply(int space, Change change) throws SQLException {
    if (change instanceof Change.PutDocument document) {
      put.setInt(1, space);
      put.setString(2, document.key());
      put.setBytes(3, document.text().getBytes(UTF_8));
      put.executeUpdate();
    } else if (change instanceof Change.RemoveDocument document) {
      remove.setInt(1, space);
      remove.setString(2, document.key());
      remove.executeUpdate();
    }
    return refusalOf(space, change) == null;
  }

  /** Says why a step can't be taken; null when it can. */
  @Nullable Refusal refusalOf(int space, Change change) throws SQLException {
    return change instanceof Change.ExpectDocument expected
            && !Objects.equals(text(space, expected.key()), expected.text())
        ? new Refusal.DocumentChanged(expected.key())
        : null;
  }

  private @Nullable String text(int space, String key) throws SQLException {
    find.setInt(1, space);
    find.setString(2, key);
    try (ResultSet row = find.executeQuery()) {
      return row.next() ? new String(row.getBytes(1), UTF_8) : null;
    }
  }
}
