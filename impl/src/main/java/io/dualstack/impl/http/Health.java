package io.dualstack.impl.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells those who watch a service whether its store answers. */
public final class Health {

  private static final Logger LOG = LoggerFactory.getLogger(Health.class);

  private Health() {}

  /**
   * Serves {@code GET /health} without TLS: 200 and nothing while the probe returns, 500 when it
   * throws.
   *
   * @param address where to listen; port 0 picks a free one
   * @throws IOException if it can't listen there
   */
  public static HttpServer start(InetSocketAddress address, Runnable probe) throws IOException {
    return Plain.start(address, exchange -> answer(exchange, probe));
  }

  /**
   * Serves {@code GET /health} as {@link #start} does, and {@code GET /} with words about how long
   * the service has been up.
   *
   * @param name what the service is called
   * @throws IOException if it can't listen there
   */
  public static HttpServer startWithUptime(InetSocketAddress address, String name, Runnable probe)
      throws IOException {
    Uptime uptime = new Uptime(name);
    return Plain.start(
        address,
        exchange -> {
          if (exchange.getRequestURI().getPath().equals("/")) {
            Plain.send(exchange, uptime.answer());
          } else {
            answer(exchange, probe);
          }
        });
  }

  private static void answer(HttpExchange exchange, Runnable probe) throws IOException {
    if (!exchange.getRequestURI().getPath().equals("/health")) {
      Plain.sendNotFound(exchange);
      return;
    }
    try {
      probe.run();
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("health check failed");
      Plain.send(exchange, Answer.error(500, "check database failed"));
      return;
    }
    Plain.send(exchange, Answer.ok(""));
  }
}
