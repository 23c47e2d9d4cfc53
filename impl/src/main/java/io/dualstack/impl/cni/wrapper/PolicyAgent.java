package io.dualstack.impl.cni.wrapper;

import io.dualstack.impl.kernel.Namespace;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The policy agent on the cell, asked to do its work for a container now and not with its poll. */
final class PolicyAgent {
  private static final int CONNECT_MILLISECONDS = 5_000;

  /** It may have to do a whole round first. */
  private static final int ANSWER_MILLISECONDS = 60_000;

  private final Namespace host;
  private final String address;

  /**
   * Asks an agent.
   *
   * @param address {@code host:port}; empty where there is none, which is as if it had security
   *     groups off
   */
  PolicyAgent(Namespace host, String address) {
    this.host = host;
    this.address = address;
  }

  /** Has it take over all policies. */
  void poll() {
    if (!address.isEmpty()) {
      int status = get("/force-policy-poll-cycle");
      assert status > 0;
    }
  }

  /** Has it put a container's security groups in force; false if that is not its business. */
  boolean putGroups(String container) {
    return isDone("/force-asgs-for-container", container);
  }

  /** Has it remove the security groups of containers that are gone. */
  void removeGroups(String container) {
    boolean unused = isDone("/force-orphaned-asgs-cleanup", container);
  }

  private boolean isDone(String path, String container) {
    return !address.isEmpty()
        && get(path + "?container=" + URLEncoder.encode(container, StandardCharsets.UTF_8))
            == HttpURLConnection.HTTP_OK;
  }

  /** Returns 200 or 405; all else is a failure. */
  private int get(String path) {
    String url = "http://" + address + path;
    return host.call(
        () -> {
          HttpURLConnection connection =
              (HttpURLConnection) new URL(url).openConnection(Proxy.NO_PROXY);
          connection.setConnectTimeout(CONNECT_MILLISECONDS);
          connection.setReadTimeout(ANSWER_MILLISECONDS);
          try {
            int status = connection.getResponseCode();
            boolean off = status == HttpURLConnection.HTTP_BAD_METHOD && path.contains("?");
            if (status != HttpURLConnection.HTTP_OK && !off) {
              throw new IOException("%s: answered %d: %s".formatted(url, status, said(connection)));
            }
            return status;
          } finally {
            connection.disconnect();
          }
        });
  }

  private static String said(HttpURLConnection connection) throws IOException {
    try (InputStream body = connection.getErrorStream()) {
      return body == null
          ? "nothing"
          : new String(body.readNBytes(1024), StandardCharsets.UTF_8).strip();
    }
  }
}
