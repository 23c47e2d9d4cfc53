package io.dualstack.impl.http;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** HTTP with mutual TLS. */
public final class TlsServer implements AutoCloseable {

  /** Callers wait for the disk most of the time. */
  private static final int THREADS = 32;

  private final HttpsServer server;
  private final ExecutorService threads;

  private TlsServer(HttpsServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Starts a server that hands every request to one handler.
   *
   * @param address where to listen; port 0 picks a free one
   * @param name what its threads are called
   * @throws IOException if it can't listen there
   */
  public static TlsServer start(
      InetSocketAddress address, MutualTls tls, String name, HttpHandler handler)
      throws IOException {
    HttpsServer https = HttpsServer.create(address, 0);
    https.setHttpsConfigurator(
        new HttpsConfigurator(tls.context()) {
          @Override
          public void configure(HttpsParameters parameters) {
            parameters.setSSLParameters(tls.serverParameters());
          }
        });
    AtomicInteger number = new AtomicInteger();
    ExecutorService threads =
        Executors.newFixedThreadPool(
            THREADS, task -> new Thread(task, name + "-" + number.incrementAndGet()));
    https.createContext("/", handler);
    https.setExecutor(threads);
    https.start();
    return new TlsServer(https, threads);
  }

  /** Returns where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Stops at once: whoever waits for an answer asks again elsewhere or later. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
