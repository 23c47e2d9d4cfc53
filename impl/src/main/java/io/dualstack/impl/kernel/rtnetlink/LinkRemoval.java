package io.dualstack.impl.kernel.rtnetlink;

import com.sun.jna.LastErrorException;
import io.dualstack.KernelException;
import io.dualstack.impl.kernel.Netlink;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The removal of a link. The kernel answers when it has cleaned up, which takes several times as
 * long as the removal itself; it tells that a link is gone when nobody sees it any more. So it is
 * asked by a thread of its own, and whichever comes first is enough.
 */
final class LinkRemoval {
  private static final Logger LOG = LoggerFactory.getLogger(LinkRemoval.class);

  private static final int MOST_THREADS = 32;
  private static final int IDLE_SECONDS = 5;

  /**
   * A call that finds no thread free asks by itself, and so waits for the answer. A virtual machine
   * does not wait for these threads when it ends, and need not: the kernel does not leave a request
   * unfinished.
   */
  private static final Executor ASKING =
      new ThreadPoolExecutor(
          0,
          MOST_THREADS,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          task -> {
            Thread thread = new Thread(task, "link removal");
            thread.setDaemon(true);
            return thread;
          },
          new ThreadPoolExecutor.CallerRunsPolicy());

  private LinkRemoval() {}

  /**
   * Removes the link that a request is about, in the namespace that the calling thread is in.
   *
   * @throws KernelException if the kernel refuses
   * @throws LastErrorException if it can't be asked
   */
  static void run(Request request) {
    try (LinkNotices notices = LinkNotices.open()) {
      // Opened here, as it belongs to the namespace of the thread that opens it.
      Netlink socket = Netlink.open(Netlink.ROUTE);
      CompletableFuture<Void> answer =
          CompletableFuture.runAsync(() -> ask(request, socket), ASKING);
      if (notices.awaitRemoval(request.link(), answer::isDone)) {
        CompletableFuture<Void> noted = answer.exceptionally(late -> note(request, late));
        assert noted != answer;
      } else {
        await(answer);
      }
    }
  }

  private static void ask(Request request, Netlink socket) {
    try (socket) {
      request.tell(socket);
    }
  }

  private static void await(CompletableFuture<Void> answer) {
    try {
      answer.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException unchecked ? unchecked : e;
    }
  }

  /** Somebody else may have removed it a moment earlier. */
  private static @Nullable Void note(Request request, Throwable late) {
    if (!(late.getCause() instanceof KernelException refused)
        || !refused.answer().contains("Cannot find device")) {
      LOG.atWarn()
          .addKeyValue("request", request)
          .setCause(late)
          .log("the link is gone, but the kernel failed afterwards");
    }
    return null;
  }
}
