package io.dualstack.spi.openstack.access;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Neutron's REST interface, as whoever the credentials name. Thread-safe. */
public final class NetworkApi {
  private final AccessConfig config;
  private final Transport transport;
  private final @Nullable Login login;

  /**
   * Creates it. Contacts nobody.
   *
   * @param config how to reach the cloud
   * @param clock tells when a token has expired
   * @param patience how often and after how long to try again
   */
  public NetworkApi(AccessConfig config, Clock clock, Patience patience) {
    this.config = config;
    this.transport = new Transport(HttpClients.of(config), config.timeout(), patience);
    this.login =
        config.credentials() instanceof Credentials.Keystone keystone
            ? new Login(config, keystone, requireNonNull(config.authUrl()), transport, clock)
            : null;
  }

  /**
   * Returns the project that requests are made in. Logs in if it must.
   *
   * @return the project's id; empty if it can't be told
   */
  public Optional<String> projectId() {
    return Optional.ofNullable(
            login == null
                ? ((Credentials.Nobody) config.credentials()).projectId()
                : login.session().projectId())
        .filter(id -> !id.isEmpty());
  }

  /**
   * Returns whether what is made must name its project, as nobody logs in.
   *
   * @return true without Keystone
   */
  public boolean namesProjects() {
    return login == null;
  }

  /**
   * Reads.
   *
   * @param path below {@code /v2.0}, with a leading slash
   * @param query parameters; several values of one name are alternatives
   * @return the body
   */
  public JsonNode get(String path, Map<String, List<String>> query) {
    return call("GET", path + text(query), Map.of(), null, true);
  }

  /**
   * Makes something. Not tried again if it may have been made: see {@link ApiFailure#isDoubtful}.
   *
   * @param path below {@code /v2.0}, with a leading slash
   * @param body what to make
   * @return the body
   */
  public JsonNode post(String path, JsonNode body) {
    return call("POST", path, Map.of(), body, false);
  }

  /**
   * Changes something.
   *
   * @param path below {@code /v2.0}, with a leading slash
   * @param body what to change
   * @param revision the revision that the change is made to; null to change any
   * @return the body
   */
  public JsonNode put(String path, JsonNode body, @Nullable Long revision) {
    Map<String, String> headers =
        revision == null ? Map.of() : Map.of("If-Match", "revision_number=" + revision);
    return call("PUT", path, headers, body, true);
  }

  /**
   * Removes something.
   *
   * @param path below {@code /v2.0}, with a leading slash
   * @return false if it was gone already
   */
  public boolean delete(String path) {
    try {
      call("DELETE", path, Map.of(), null, true);
      return true;
    } catch (ApiFailure failure) {
      if (failure.status() == 404) {
        return false;
      }
      throw failure;
    }
  }

  private JsonNode call(
      String method,
      String path,
      Map<String, String> headers,
      @Nullable JsonNode body,
      boolean repeatable) {
    Login.@Nullable Session session = login == null ? null : login.session();
    Transport.Answer answer = send(session, method, path, headers, body, repeatable);
    if (answer.status() == 401 && login != null && session != null) {
      login.forget(session);
      answer = send(login.session(), method, path, headers, body, repeatable);
    }
    if (answer.isDone()) {
      return answer.body();
    }
    throw ApiFailure.answered(
        answer.status(),
        answer.errorType(),
        !repeatable && answer.status() >= 500 && isUntyped(answer),
        "%s %s: %s".formatted(method, path.replaceFirst("\\?.*", ""), answer.errorMessage()));
  }

  private static boolean isUntyped(Transport.Answer answer) {
    return answer.errorType().isEmpty() || answer.errorType().equals("HTTPInternalServerError");
  }

  private Transport.Answer send(
      Login.@Nullable Session session,
      String method,
      String path,
      Map<String, String> headers,
      @Nullable JsonNode body,
      boolean repeatable) {
    Map<String, String> all = new HashMap<>(headers);
    if (session != null) {
      all.put("X-Auth-Token", session.token());
    }
    URI base = session == null ? requireNonNull(config.endpoint()) : session.network();
    return transport.send(
        new Transport.Request(method, URI.create(root(base) + path), all, body, repeatable));
  }

  private static String root(URI endpoint) {
    String base = endpoint.toString().replaceAll("/+$", "");
    return base.endsWith("/v2.0") ? base : base + "/v2.0";
  }

  private static String text(Map<String, List<String>> query) {
    StringBuilder text = new StringBuilder();
    query.forEach(
        (name, values) ->
            values.forEach(
                value ->
                    text.append(text.length() == 0 ? '?' : '&')
                        .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                        .append('=')
                        .append(URLEncoder.encode(value, StandardCharsets.UTF_8))));
    return text.toString();
  }
}
