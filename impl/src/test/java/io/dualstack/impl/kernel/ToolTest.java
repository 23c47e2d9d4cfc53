package io.dualstack.impl.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.KernelException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** Processes and what they say. */
class ToolTest {

  /** More than a pipe holds, both ways at once. */
  @Test
  void takes_and_gives_more_than_a_pipe_holds() {
    String text = "0123456789abcdef\n".repeat(100_000);

    assertThat(Tool.run(Namespace.own(), List.of("cat"), text)).isEqualTo(text);
  }

  @Test
  void depends_on_no_thread_of_the_common_pool() {
    CountDownLatch end = new CountDownLatch(1);
    for (int i = 0; i < ForkJoinPool.getCommonPoolParallelism(); i++) {
      ForkJoinPool.commonPool().execute(() -> waitFor(end));
    }
    try {
      assertThat(Tool.run(Namespace.own(), List.of("cat"), "said")).isEqualTo("said");
    } finally {
      end.countDown();
    }
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void a_failure_tells_what_the_tool_said() {
    List<String> command = List.of("sh", "-c", "echo no such device >&2; exit 3");

    assertThatThrownBy(() -> Tool.run(Namespace.own(), command, ""))
        .isInstanceOfSatisfying(
            KernelException.class, e -> assertThat(e.answer()).isEqualTo("no such device"));
  }

  @Test
  void a_silent_failure_tells_the_exit_code() {
    List<String> command = List.of("sh", "-c", "exit 3");

    assertThatThrownBy(() -> Tool.run(Namespace.own(), command, ""))
        .hasMessageContaining("exit code 3");
  }

  @Test
  void a_tool_that_is_not_there_is_named() {
    assertThatThrownBy(() -> Tool.run(Namespace.own(), List.of("no-such-tool"), ""))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("no-such-tool")
        .hasMessageContaining("is it installed?");
  }
}
