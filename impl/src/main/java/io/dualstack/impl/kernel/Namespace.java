package io.dualstack.impl.kernel;

import static java.util.Objects.requireNonNull;

import com.google.common.util.concurrent.Uninterruptibles;
import com.sun.jna.LastErrorException;
import io.dualstack.DualstackException;
import io.dualstack.KernelException;
import io.dualstack.MissingDependencyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace, held open: it stays alive, whatever happens to its name, until this is
 * closed.
 *
 * <p>Work is done by threads that belong to the namespace and do nothing else, as setns(2) moves
 * the calling thread only, and a thread that was elsewhere is not to be trusted. Processes started
 * there, sockets opened there and paths below {@code /proc/sys/net} belong to the namespace; {@code
 * /proc/net} does not, which is always the first thread's. Thread-safe. Threads without work end
 * after some seconds.
 */
public final class Namespace implements AutoCloseable {
  private static final int OWN = -1;
  private static final int IDLE_SECONDS = 5;

  private final Path file;
  private final int descriptor;
  private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);
  private final ThreadPoolExecutor threads;
  private final Deque<Runnable> ends = new ArrayDeque<>();
  private boolean closed;

  private Namespace(Path file, int descriptor) {
    this.file = file;
    this.descriptor = descriptor;
    this.threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(task, "netns " + file.getFileName());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Work to do in a namespace. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it and returns what came of it. */
    T get() throws IOException;
  }

  /** Work that leaves no result. */
  @FunctionalInterface
  public interface Deed {
    /** Does it. */
    void act() throws IOException;
  }

  /**
   * The namespace that this process runs in. To enter it is to do nothing, and to close it ends
   * nothing but what {@link #onClose} was told.
   */
  public static Namespace own() {
    return new Namespace(Path.of("/proc/self/ns/net"), OWN);
  }

  /**
   * Opens a namespace.
   *
   * @param file such as {@code /run/netns/NAME} or {@code /proc/PID/ns/net}
   * @throws KernelException if there is no such file, or it is no network namespace
   * @throws MissingDependencyException without JNA
   */
  public static Namespace open(Path file) {
    return tryOpen(file)
        .orElseThrow(() -> new KernelException(opening(file), "there is no such file", null));
  }

  /** Opens a namespace, or takes that of this process when there is no file. */
  public static Namespace of(@Nullable Path file) {
    return file == null ? own() : open(file);
  }

  /** Opens a namespace as {@link #open} does; empty when there is no such file any more. */
  public static Optional<Namespace> tryOpen(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Namespace opened = new Namespace(file, descriptorOf(file));
    try {
      opened.run(() -> {});
      return Optional.of(opened);
    } catch (DualstackException e) {
      opened.close();
      throw e;
    }
  }

  private static int descriptorOf(Path file) {
    try {
      return Libc.open(file.toString(), Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
    } catch (LastErrorException e) {
      throw new KernelException(opening(file), String.valueOf(e.getMessage()), e);
    } catch (LinkageError e) {
      throw new MissingDependencyException("network namespaces", "net.java.dev.jna:jna", e);
    }
  }

  private static String opening(Path file) {
    return "open the network namespace " + file;
  }

  /** Where it was opened. */
  public Path file() {
    return file;
  }

  /**
   * A path that names this namespace to every process of the machine for as long as this is open,
   * even when {@link #file} is removed, and that has no character which would need quoting.
   */
  public String handle() {
    long process = ProcessHandle.current().pid();
    return descriptor == OWN
        ? "/proc/" + process + "/ns/net"
        : "/proc/" + process + "/fd/" + descriptor;
  }

  /**
   * The file descriptor that names this namespace to the kernel for as long as this is open.
   *
   * @throws IllegalStateException if it is this process's own, which is named by nothing
   */
  public int descriptor() {
    if (descriptor == OWN) {
      throw new IllegalStateException(file + ": open it by a path to have a descriptor");
    }
    return descriptor;
  }

  /** Whether both are one namespace, by whatever paths they were opened. */
  public boolean isSameAs(Namespace other) {
    return Objects.equals(identity(), other.identity());
  }

  /** Device and inode of the namespace itself. */
  private Object identity() {
    try {
      return Files.readAttributes(Path.of(handle()), BasicFileAttributes.class).fileKey();
    } catch (IOException e) {
      throw new KernelException("stat the network namespace " + file, e.toString(), e);
    }
  }

  /**
   * Does work in the namespace and waits for it, also when interrupted.
   *
   * @return what the work returns
   * @throws KernelException if the namespace can't be entered, or the work met an I/O error
   * @throws IllegalStateException after {@link #close}
   */
  public <T> T call(Work<T> work) {
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              enter();
              return work.get();
            });
    if (descriptor == OWN) {
      task.run();
    } else {
      start(task);
    }
    try {
      return requireNonNull(Uninterruptibles.getUninterruptibly(task), "result");
    } catch (ExecutionException e) {
      throw asThrown(requireNonNull(e.getCause(), "cause"));
    }
  }

  private void start(FutureTask<?> task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException e) {
      throw new IllegalStateException(file + ": the namespace is closed", e);
    }
  }

  /** Does work in the namespace as {@link #call} does. */
  public void run(Deed deed) {
    Boolean done =
        call(
            () -> {
              deed.act();
              return true;
            });
    assert done;
  }

  private RuntimeException asThrown(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException unchecked
        ? unchecked
        : new KernelException("in the network namespace " + file, String.valueOf(cause), cause);
  }

  /** The lock keeps a descriptor from being closed, and given to another file, in between. */
  private synchronized void enter() {
    if (closed) {
      throw new IllegalStateException(file + ": the namespace is closed");
    }
    if (descriptor == OWN || inside.get()) {
      return;
    }
    try {
      int entered = Libc.setns(descriptor, Libc.CLONE_NEWNET);
      assert entered == 0;
      inside.set(true);
    } catch (LastErrorException e) {
      throw new KernelException(
          "enter the network namespace " + file, String.valueOf(e.getMessage()), e);
    }
  }

  /** Has something done when this is closed, such as to close what is kept open in it. */
  public synchronized void onClose(Runnable end) {
    if (closed) {
      end.run();
    } else {
      ends.push(end);
    }
  }

  @Override
  public synchronized void close() {
    while (!ends.isEmpty()) {
      ends.pop().run();
    }
    if (!closed && descriptor != OWN) {
      int done = Libc.close(descriptor);
      assert done == 0;
    }
    if (descriptor != OWN) {
      threads.shutdown();
    }
    closed = descriptor != OWN;
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
