package io.dualstack.impl.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where a daemon is asked: by HTTP, or by a unix socket of this machine. */
public sealed interface DaemonUrl {

  /** By HTTP or HTTPS. */
  record Http(URI url) implements DaemonUrl {
    @Override
    public boolean isTls() {
      return "https".equalsIgnoreCase(url.getScheme());
    }

    @Override
    public String toString() {
      return url.toString();
    }
  }

  /** By a socket, an absolute path. */
  record Socket(Path file) implements DaemonUrl {
    @Override
    public boolean isTls() {
      return false;
    }

    @Override
    public String toString() {
      return "unix:" + file;
    }
  }

  /** Says whether certificates are shown. */
  boolean isTls();

  /**
   * Reads {@code http://HOST:PORT}, {@code https://HOST:PORT} or {@code unix:/PATH}.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  static DaemonUrl parse(String text) {
    return text.startsWith("unix:") ? socket(text) : http(text);
  }

  private static DaemonUrl socket(String text) {
    String path = text.substring("unix:".length());
    if (!path.startsWith("/") || (path.startsWith("//") && !path.startsWith("///"))) {
      throw refused(text, "is no path from the root on; write unix:/PATH");
    }
    try {
      return new Socket(Path.of(path));
    } catch (InvalidPathException e) {
      throw refused(text, e.getReason() + "; write unix:/PATH");
    }
  }

  private static DaemonUrl http(String text) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      throw refused(text, "is no URL: " + e.getReason() + "; IPv6 addresses stand in brackets");
    }
    if (!"http".equalsIgnoreCase(url.getScheme()) && !"https".equalsIgnoreCase(url.getScheme())) {
      throw refused(
          text,
          "says not how to reach it; write http://HOST:PORT, https://HOST:PORT or unix:/PATH");
    }
    if (url.getHost() == null) {
      throw refused(text, "names no host; write http://HOST:PORT, IPv6 addresses in brackets");
    }
    if (url.getPort() == 0 || url.getPort() > 65_535) {
      throw refused(text, "port %d is none; use 1 to 65535".formatted(url.getPort()));
    }
    if (url.getUserInfo() != null || url.getQuery() != null || url.getFragment() != null) {
      throw refused(text, "says more than where it is; leave out what is before @ or after ? or #");
    }
    return new Http(url);
  }

  private static IllegalArgumentException refused(String text, String why) {
    return new IllegalArgumentException("\"%s\": %s".formatted(text, why));
  }
}
