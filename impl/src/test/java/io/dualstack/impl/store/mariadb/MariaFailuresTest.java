package io.dualstack.impl.store.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What callers are told of failures that no test can make the server have. */
class MariaFailuresTest {

  @ParameterizedTest
  @CsvSource({
    "1021, HY000, true, the server's disk is full; free space and try again",
    "1041, HY000, true, the server's memory ran out; try again",
    "1040, 08004, true, the server has no connection left",
    "1205, HY000, true, other writers didn't let go of it; try again",
    "1969, 70100, true, the server gave up (said); try again",
    "1213, 40001, true, other writers were in the way again and again",
    "1053, 08S01, true, the server can't be reached (said)",
    "1153, 08S01, false, raise its max_allowed_packet",
    "1034, HY000, false, it is damaged (said); restore it",
    "1419, HY000, false, said; set log_bin_trust_function_creators on the server",
    "1146, 42S02, false, MariaDB failed: said"
  })
  void tells_what_failed_and_what_to_do(int code, String state, boolean retryable, String words) {
    var told = MariaFailures.INSTANCE.unavailable("jdbc:mariadb://db/ips", failure(code, state));

    assertThat(told)
        .hasMessageStartingWith("jdbc:mariadb://db/ips: ")
        .hasMessageContaining(words)
        .hasMessageNotContaining("conn=");
    assertThat(told.retryable()).isEqualTo(retryable);
  }

  @ParameterizedTest
  @CsvSource({
    "1213, 40001, true",
    "1062, 23000, true",
    "1020, HY000, true",
    "0, 08000, false",
    "1927, 70100, false"
  })
  void knows_which_failed_commits_are_surely_not_there(int code, String state, boolean rolledBack) {
    assertThat(MariaFailures.INSTANCE.isRolledBack(failure(code, state))).isEqualTo(rolledBack);
  }

  private static SQLException failure(int code, String state) {
    return new SQLException("(conn=7) said\n  more", state, code);
  }
}
