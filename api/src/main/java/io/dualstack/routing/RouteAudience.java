package io.dualstack.routing;

/** Who listens for registrations, each on subjects of its own. */
public enum RouteAudience {
  /** Routers of HTTP. They join host and port as they are, so that IPv6 hosts are in brackets. */
  ROUTER("router"),
  /** The directory of internal names. It tells hosts as addresses, without brackets. */
  SERVICE_DISCOVERY("service-discovery");

  private final String word;

  RouteAudience(String word) {
    this.word = word;
  }

  /**
   * Returns the subject by which an endpoint is registered.
   *
   * @return such as {@code router.register}
   */
  public String registerSubject() {
    return word + ".register";
  }

  /**
   * Returns the subject by which an endpoint is taken back.
   *
   * @return such as {@code router.unregister}
   */
  public String unregisterSubject() {
    return word + ".unregister";
  }

  /**
   * Returns the subject by which a registrar asks who is there.
   *
   * @return such as {@code router.greet}
   */
  public String greetSubject() {
    return word + ".greet";
  }

  /**
   * Returns the subject by which the audience tells that it has started.
   *
   * @return such as {@code router.start}
   */
  public String startSubject() {
    return word + ".start";
  }

  /**
   * Returns the text of a host as this audience wants it.
   *
   * @param host the host
   * @return its canonical text
   */
  public String hostText(RouteHost host) {
    return this == ROUTER ? host.toUriHost() : host.toString();
  }
}
