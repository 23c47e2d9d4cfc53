package io.dualstack.spi.openstack.access;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Logs in at Keystone and keeps the token until shortly before it expires, or until a service
 * doesn't take it any more. Thread-safe.
 */
final class Login {
  private static final Duration AHEAD = Duration.ofSeconds(60);

  /**
   * A token and what came with it.
   *
   * @param token the secret
   * @param network where Neutron is
   */
  record Session(String token, Instant expires, String projectId, URI network) {
    /** Returns the project, without the token. */
    @Override
    public String toString() {
      return "session of project " + projectId;
    }
  }

  private final AccessConfig config;
  private final Credentials.Keystone credentials;
  private final URI tokens;
  private final Transport transport;
  private final Clock clock;
  private @Nullable Session session;

  Login(
      AccessConfig config,
      Credentials.Keystone credentials,
      URI authUrl,
      Transport transport,
      Clock clock) {
    this.config = config;
    this.credentials = credentials;
    this.tokens = tokens(authUrl);
    this.transport = transport;
    this.clock = clock;
  }

  private static URI tokens(URI authUrl) {
    String base = authUrl.toString().replaceAll("/+$", "").replaceFirst("/v2\\.0$", "");
    return URI.create((base.endsWith("/v3") ? base : base + "/v3") + "/auth/tokens");
  }

  synchronized Session session() {
    Session known = session;
    if (known != null && clock.instant().plus(AHEAD).isBefore(known.expires())) {
      return known;
    }
    Session fresh = logIn();
    session = fresh;
    return fresh;
  }

  /** Forgets a session whose token was not taken, unless another has taken its place already. */
  synchronized void forget(Session refused) {
    if (refused.equals(session)) {
      session = null;
    }
  }

  private Session logIn() {
    Transport.Answer answer =
        transport.send(new Transport.Request("POST", tokens, Map.of(), credentials.body(), true));
    if (!answer.isDone()) {
      throw ApiFailure.answered(
          answer.status(),
          answer.status() == 401 ? "LoginRefused" : "",
          false,
          "login of %s at %s: %s".formatted(credentials, tokens, answer.errorMessage()));
    }
    JsonNode token = answer.body().path("token");
    String secret =
        answer
            .headers()
            .firstValue("X-Subject-Token")
            .orElseThrow(() -> odd("has no X-Subject-Token"));
    String project = token.path("project").path("id").asText("");
    URI endpoint = config.endpoint();
    return new Session(
        secret,
        expires(token.path("expires_at").asText("")),
        project,
        endpoint == null ? fromCatalog(token.path("catalog")) : endpoint);
  }

  private Instant expires(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw odd("says \"" + text + "\" for expires_at");
    }
  }

  private URI fromCatalog(JsonNode catalog) {
    Set<String> regions = new TreeSet<>();
    Set<String> found = new TreeSet<>();
    for (JsonNode service : catalog) {
      if (service.path("type").asText().equals("network")) {
        for (JsonNode endpoint : service.path("endpoints")) {
          String region = endpoint.path("region_id").asText(endpoint.path("region").asText(""));
          if (endpoint.path("interface").asText().equals(config.endpointInterface())) {
            regions.add(region);
            if (config.region() == null || region.equals(config.region())) {
              found.add(endpoint.path("url").asText());
            }
          }
        }
      }
    }
    if (found.size() != 1) {
      throw ApiFailure.answered(
          0,
          "EndpointUnknown",
          false,
          "the catalog of %s has %s %s network endpoints%s; set region to one of %s, or set endpoint"
              .formatted(
                  tokens,
                  found.isEmpty() ? "no" : "several",
                  config.endpointInterface(),
                  config.region() == null ? "" : " in region \"" + config.region() + "\"",
                  regions));
    }
    return URI.create(found.iterator().next());
  }

  private ApiFailure odd(String what) {
    return ApiFailure.answered(0, "", false, "the answer of " + tokens + " " + what);
  }
}
