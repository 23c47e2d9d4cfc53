package io.dualstack.impl.policy.store.mariadb;

import io.dualstack.impl.policy.PolicyJson;
import io.dualstack.impl.policy.store.jdbc.PolicyDialect;
import io.dualstack.impl.store.StoredText;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * How MariaDB is told of lists. It looks up by index what is named one by one, and might walk all
 * rows beside a table made of JSON; indexes are named where it might do so anyway, going by what it
 * has counted at some time.
 */
public final class MariaPolicyDialect implements PolicyDialect {

  /** The only one. */
  public static final MariaPolicyDialect INSTANCE = new MariaPolicyDialect();

  private static final String TEXTS =
      "JSON_TABLE(%s, '$[*]' COLUMNS (value longtext CHARACTER SET utf8mb4"
          + " COLLATE utf8mb4_nopad_bin PATH '$'))";

  private MariaPolicyDialect() {}

  @Override
  public String among(String column, Collection<String> texts, List<Object> values) {
    if (texts.isEmpty()) {
      return "FALSE";
    }
    values.addAll(texts);
    return column + " IN (" + String.join(", ", Collections.nCopies(texts.size(), "?")) + ")";
  }

  @Override
  public String hasOneOf(String column, Collection<String> texts, List<Object> values) {
    values.add(PolicyJson.texts(texts));
    return "EXISTS (SELECT 1 FROM "
        + TEXTS.formatted(column)
        + " AS bound JOIN "
        + TEXTS.formatted("?")
        + " AS asked ON bound.value = asked.value)";
  }

  @Override
  public String selectInOrder() {
    return "SELECT STRAIGHT_JOIN";
  }

  @Override
  public String byIndex(String index) {
    return " FORCE INDEX (" + index + ")";
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
