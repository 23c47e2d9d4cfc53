package io.dualstack.impl.kernel.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.RunningTool;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a real kernel tells of packet filters. */
@ExtendWith(LabExtension.class)
class CommitNoticesIT {
  private Namespace here;
  private Namespace elsewhere;
  private CommitNotices notices;

  @BeforeEach
  void a_namespace_that_is_watched(Lab lab) {
    here = Namespace.open(lab.container("here").namespace());
    elsewhere = Namespace.open(lab.container("elsewhere").namespace());
    notices = CommitNotices.open(here).orElseThrow();
    notices.start();
  }

  @AfterEach
  void close() {
    notices.close();
    List.of(here, elsewhere).forEach(Namespace::close);
  }

  /** Changes something and returns the number of the process that did. */
  private static long change(Namespace namespace, String script) {
    RunningTool nft = RunningTool.start(namespace, List.of("nft", "-f", "-"), Map.of());
    nft.tell(script);
    nft.endInput();
    assertThat(nft.ended().join().exitCode()).isZero();
    return nft.number();
  }

  /** Reads what was told, and gives up when there is no more for a while. */
  private boolean isTold(long process, int transactions) {
    Iterator<Boolean> isOver =
        Stream.concat(IntStream.range(0, 20).mapToObj(notice -> false), Stream.generate(() -> true))
            .iterator();
    return notices.await(process, transactions, isOver::next);
  }

  @Test
  void a_change_is_told_once_with_its_process() {
    long process = change(here, "table inet t { chain c { accept; }; }");

    assertThat(isTold(process, 1)).isTrue();
    assertThat(isTold(process, 1)).isFalse();
  }

  @Test
  void one_is_not_two_and_that_of_others_or_elsewhere_does_not_count() {
    long process = change(here, "table inet t {}");
    change(here, "table inet u {}");

    assertThat(isTold(process, 2)).isFalse();
    assertThat(isTold(change(elsewhere, "table inet t {}"), 1)).isFalse();
  }

  @Test
  void what_is_told_before_the_start_and_behind_the_stop_is_forgotten() {
    long process = change(here, "table inet t {}");

    notices.stop();
    long between = change(here, "table inet u {}");
    notices.start();

    assertThat(isTold(process, 1)).isFalse();
    assertThat(isTold(between, 1)).isFalse();
    assertThat(isTold(change(here, "table inet v {}"), 1)).isTrue();
  }

  @Test
  void lost_notices_end_the_wait() {
    String rules = "accept\n".repeat(20_000);
    long process = change(here, "table inet t { chain c { " + rules + "}; }");

    assertThat(notices.await(process, 1, () -> false)).isFalse();
    notices.stop();
    notices.start();
    assertThat(isTold(change(here, "table inet u {}"), 1)).isTrue();
  }

  @Test
  void closed_ones_tell_nothing() {
    notices.close();

    notices.start();
    assertThat(isTold(change(here, "table inet t {}"), 1)).isFalse();
    notices.stop();
    notices.close();
  }
}
