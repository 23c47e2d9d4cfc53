package io.dualstack.impl.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** How PostgreSQL would answer. */
public final class PostgresPlans {

  private PostgresPlans() {}

  /** Plans without knowing the parameters; returns the steps. */
  public static List<String> of(String location, String sql) throws SQLException {
    List<String> steps = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection(location + "&currentSchema=dualstack");
        Statement statement = connection.createStatement()) {
      statement.execute(PostgresDatabase.PLANNING);
      statement.execute("SET plan_cache_mode = force_generic_plan");
      StringBuilder numbered = new StringBuilder();
      StringBuilder nulls = new StringBuilder();
      int parameter = 0;
      for (char each : sql.toCharArray()) {
        if (each == '?') {
          numbered.append('$').append(++parameter);
          nulls.append(parameter == 1 ? "(NULL" : ", NULL");
        } else {
          numbered.append(each);
        }
      }
      statement.execute("PREPARE asked AS " + numbered);
      try (ResultSet rows =
          statement.executeQuery("EXPLAIN EXECUTE asked" + nulls + (parameter == 0 ? "" : ")"))) {
        while (rows.next()) {
          steps.add(rows.getString(1));
        }
      }
    }
    assertThat(steps).isNotEmpty();
    return steps;
  }
}
