package io.dualstack.impl.policy.store.jdbc;

import java.util.Collection;
import java.util.List;

/**
 * How an engine is told of lists of texts, which its columns have as JSON. Conditions add their
 * parameters to those that are there so far.
 */
public interface PolicyDialect {

  /** Returns the condition that a column is one of some texts. */
  String among(String column, Collection<String> texts, List<Object> values);

  /** Returns the condition that a column, a list, has one of some texts. */
  String hasOneOf(String column, Collection<String> texts, List<Object> values);

  /** Begins a query whose tables are best looked at in the order in which they are named. */
  default String selectInOrder() {
    return "SELECT";
  }

  /** Returns what is behind the name of a table in which rows are best looked up by an index. */
  default String byIndex(String index) {
    return "";
  }

  /** Returns the parameter for a column that is a list. */
  default String list() {
    return "?";
  }

  /**
   * Refuses a text that the engine can't keep.
   *
   * @throws IllegalArgumentException if it can't
   */
  void requireStorable(String text);

  /** Says whether there can be anything that is called so. */
  boolean canBeThere(String text);
}
