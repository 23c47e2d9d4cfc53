package io.dualstack.impl.policy.store.sqlite;

import io.dualstack.impl.policy.PolicyJson;
import io.dualstack.impl.policy.store.jdbc.PolicyDialect;
import io.dualstack.impl.store.StoredText;
import java.util.Collection;
import java.util.List;

/** How SQLite is told of lists. */
public final class SqlitePolicyDialect implements PolicyDialect {

  /** The only one. */
  public static final SqlitePolicyDialect INSTANCE = new SqlitePolicyDialect();

  private SqlitePolicyDialect() {}

  @Override
  public String among(String column, Collection<String> texts, List<Object> values) {
    values.add(PolicyJson.texts(texts));
    return column + " IN (SELECT value FROM json_each(?))";
  }

  @Override
  public String hasOneOf(String column, Collection<String> texts, List<Object> values) {
    return "EXISTS (SELECT 1 FROM json_each("
        + column
        + ") WHERE "
        + among("value", texts, values)
        + ")";
  }

  @Override
  public void requireStorable(String text) {
    StoredText.requireWholeCharacters(text);
  }

  @Override
  public boolean canBeThere(String text) {
    return StoredText.isWhole(text);
  }
}
