package io.dualstack.impl.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What callers are told of failures that no test can make the server have. */
class PostgresFailuresTest {

  @ParameterizedTest
  @CsvSource({
    "53100, true, the server's disk is full; free space and try again",
    "53200, true, the server's memory ran out; try again",
    "53300, true, the server has no connection left",
    "55P03, true, other writers didn't let go of it; try again",
    "57014, true, the server gave up (said); try again",
    "58030, true, the server's disk can't be read or written; check it",
    "40001, true, other writers were in the way again and again",
    "57P03, true, the server can't be reached (said)",
    "XX001, false, it is damaged (said); restore it",
    "28P01, false, 'said; check user, password and pg_hba.conf'",
    "42P01, false, PostgreSQL failed: said"
  })
  void tells_what_failed_and_what_to_do(String state, boolean retryable, String words) {
    var told = PostgresFailures.INSTANCE.unavailable("jdbc:postgresql:ips", failure(state));

    assertThat(told).hasMessageStartingWith("jdbc:postgresql:ips: ").hasMessageContaining(words);
    assertThat(told.retryable()).isEqualTo(retryable);
  }

  @ParameterizedTest
  @CsvSource({"40001, true", "40P01, true", "23505, true", "08006, false", "57P01, false"})
  void knows_which_failed_commits_are_surely_not_there(String state, boolean rolledBack) {
    assertThat(PostgresFailures.INSTANCE.isRolledBack(failure(state))).isEqualTo(rolledBack);
  }

  private static SQLException failure(String state) {
    return new SQLException("said\n  Detail: more", state);
  }
}
