package io.dualstack.impl.cli;

/** What the JDK's HTTP server reads when it is first used. */
final class HttpServerProperties {

  private HttpServerProperties() {}

  /** Answers go out at once, and who never ends a request holds no thread. */
  static void set() {
    setUnlessGiven("sun.net.httpserver.nodelay", "true");
    setUnlessGiven("sun.net.httpserver.maxReqTime", "60");
  }

  private static void setUnlessGiven(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
