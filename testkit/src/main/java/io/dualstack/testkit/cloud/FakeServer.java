package io.dualstack.testkit.cloud;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP service on a free port of 127.0.0.1 that stands in for a cloud's API. Requests are
 * received side by side and answered one at a time, so that subclasses need no locks for what
 * {@link #answer} touches. Thread-safe.
 */
public abstract class FakeServer implements AutoCloseable {
  private static final int THREADS = 16;

  static {
    // Else the JDK's server waits 40 ms for an acknowledgement between head and body of an answer.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
  }

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS,
          task -> {
            Thread thread = new Thread(task, "fake-cloud");
            thread.setDaemon(true);
            return thread;
          });
  private final Faults faults = new Faults();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<FakeRequest> requests = new CopyOnWriteArrayList<>();

  /** Starts to listen. */
  protected FakeServer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("a fake can't listen on 127.0.0.1", e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /**
   * Returns where the fake listens.
   *
   * @return a URL without a path
   */
  public final URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /**
   * Returns what goes wrong.
   *
   * @return the faults, to be added to
   */
  public final Faults faults() {
    return faults;
  }

  /**
   * Returns all requests since the start, or since {@link #forgetRequests}, in the order received.
   *
   * @return a copy
   */
  public final List<FakeRequest> requests() {
    return List.copyOf(requests);
  }

  /** Forgets the requests so far. */
  public final void forgetRequests() {
    requests.clear();
  }

  /**
   * Names the operation that a request asks for.
   *
   * @param request the request
   * @return the name that {@link Faults#next} takes
   */
  protected abstract String operation(FakeRequest request);

  /**
   * Does what a request asks for. Called by one thread at a time.
   *
   * @param request the request
   * @return the answer
   */
  protected abstract FakeAnswer answer(FakeRequest request);

  /**
   * Returns how the service refuses one request too many.
   *
   * @param request the request
   * @return the answer
   */
  protected abstract FakeAnswer throttled(FakeRequest request);

  /**
   * Returns how the service answers when it fails itself.
   *
   * @param request the request
   * @return the answer
   */
  protected abstract FakeAnswer failed(FakeRequest request);

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      FakeRequest request =
          new FakeRequest(
              exchange.getRequestMethod(),
              exchange.getRequestURI(),
              exchange.getRequestHeaders(),
              body);
      requests.add(request);
      answer(request, faults.take(operation(request))).ifPresent(answer -> send(exchange, answer));
    }
  }

  /** Returns the answer; empty to cut the connection. */
  private Optional<FakeAnswer> answer(FakeRequest request, Optional<Fault> fault) {
    if (fault.isEmpty()) {
      return Optional.of(locked(request));
    }
    if (fault.get() instanceof Fault.Answered answered) {
      return Optional.of(answered.answer());
    }
    if (fault.get().equals(Fault.THROTTLED)) {
      return Optional.of(throttled(request));
    }
    if (fault.get().equals(Fault.FAILED)) {
      return Optional.of(failed(request));
    }
    if (fault.get().equals(Fault.SILENT)) {
      awaitClosed();
    }
    if (fault.get().equals(Fault.CUT_AFTER)) {
      locked(request);
    }
    return Optional.empty();
  }

  private void awaitClosed() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized FakeAnswer locked(FakeRequest request) {
    return answer(request);
  }

  private static void send(HttpExchange exchange, FakeAnswer answer) {
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    try {
      exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
      if (bytes.length > 0) {
        exchange.getResponseBody().write(bytes);
      }
    } catch (IOException e) {
      // The caller went away, which is its own affair.
      exchange.close();
    }
  }

  /** Stops listening. Stopping twice is stopping once. */
  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
