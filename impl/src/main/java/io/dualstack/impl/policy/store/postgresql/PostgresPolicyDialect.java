package io.dualstack.impl.policy.store.postgresql;

import io.dualstack.impl.policy.PolicyJson;
import io.dualstack.impl.policy.store.jdbc.PolicyDialect;
import io.dualstack.impl.store.StoredText;
import java.util.Collection;
import java.util.List;

/** How PostgreSQL is told of lists. As an array, a list is looked up by index. */
public final class PostgresPolicyDialect implements PolicyDialect {

  /** The only one. */
  public static final PostgresPolicyDialect INSTANCE = new PostgresPolicyDialect();

  private static final String LIST = "CAST(? AS jsonb)";
  private static final String TEXTS = "ARRAY(SELECT jsonb_array_elements_text(" + LIST + "))";

  private PostgresPolicyDialect() {}

  @Override
  public String among(String column, Collection<String> texts, List<Object> values) {
    values.add(PolicyJson.texts(texts));
    return column + " = ANY (" + TEXTS + ")";
  }

  @Override
  public String hasOneOf(String column, Collection<String> texts, List<Object> values) {
    values.add(PolicyJson.texts(texts));
    return "jsonb_exists_any(" + column + ", " + TEXTS + ")";
  }

  @Override
  public String list() {
    return LIST;
  }

  @Override
  public void requireStorable(String text) {
    StoredText.requireWholeCharacters(text);
    StoredText.requireWithoutZero("text", text, "PostgreSQL");
  }

  @Override
  public boolean canBeThere(String text) {
    return text.indexOf('\0') < 0 && StoredText.isWhole(text);
  }
}
