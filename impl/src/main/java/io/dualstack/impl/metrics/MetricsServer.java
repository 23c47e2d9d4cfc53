package io.dualstack.impl.metrics;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.dualstack.DualstackException;
import io.dualstack.impl.http.Plain;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves metrics at {@code /metrics} in Prometheus' text format. */
public final class MetricsServer {

  private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);

  private MetricsServer() {}

  /**
   * Starts to serve.
   *
   * @param gauges brings the gauges up to date before each answer
   */
  public static HttpServer start(
      InetSocketAddress address, PrometheusMeters meters, Runnable gauges) throws IOException {
    return start(address, meters, gauges, Plain::sendNotFound);
  }

  /**
   * Starts to serve metrics, and something else at all other paths.
   *
   * @param gauges brings the gauges up to date before each answer
   */
  public static HttpServer start(
      InetSocketAddress address, PrometheusMeters meters, Runnable gauges, HttpHandler others)
      throws IOException {
    long start = System.nanoTime();
    return Plain.start(
        address,
        exchange -> {
          if (!exchange.getRequestURI().getPath().equals("/metrics")) {
            others.handle(exchange);
            return;
          }
          meters.gauge("uptime", (System.nanoTime() - start) / 1e9);
          try {
            gauges.run();
          } catch (DualstackException e) {
            LOG.atWarn().log("gauges not brought up to date: {}", e.getMessage());
          }
          Plain.send(
              exchange,
              200,
              "text/plain; version=0.0.4; charset=utf-8",
              meters.text().getBytes(StandardCharsets.UTF_8));
        });
  }
}
