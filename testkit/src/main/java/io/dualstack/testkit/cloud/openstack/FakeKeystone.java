package io.dualstack.testkit.cloud.openstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.testkit.cloud.FakeAnswer;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * As much of Identity v3 as a login needs: passwords, application credentials and tokens in, a
 * token with an expiry and a catalog out. One user, one project, until a test adds endpoints or
 * changes the rest. Thread-safe.
 */
public final class FakeKeystone {
  /** The user's name; its domain is {@code Default}, with the id {@code default}. */
  public static final String USER = "dualstack";

  /** The user's password. */
  public static final String PASSWORD = "fake-password";

  /** The project's name; its domain is the user's. */
  public static final String PROJECT = "cells";

  /** The project's id. */
  public static final String PROJECT_ID = "0b7e0c5d4f2a4a5e9f3c6d8e7a1b2c3d";

  /** The application credential's id. */
  public static final String CREDENTIAL_ID = "3a1f5b2c9d8e4f7ab6c5d4e3f2a1b0c9";

  /** The application credential's name. */
  public static final String CREDENTIAL_NAME = "foundation";

  /** The application credential's secret. */
  public static final String CREDENTIAL_SECRET = "fake-secret";

  private static final Set<String> DEFAULT_DOMAIN = Set.of("default", "Default");

  private final Clock clock;
  private final Map<String, Instant> tokens = new HashMap<>();
  private final Map<String, URI> endpoints = new LinkedHashMap<>();
  private Duration life = Duration.ofHours(1);

  FakeKeystone(Clock clock) {
    this.clock = clock;
  }

  /**
   * Adds an endpoint of the network service to the catalog.
   *
   * @param region its region
   * @param endpointInterface {@code public}, {@code internal} or {@code admin}
   * @param url where it is
   */
  public synchronized void endpoint(String region, String endpointInterface, URI url) {
    endpoints.put(region + " " + endpointInterface, url);
  }

  /**
   * Sets how long tokens that are given out from now on are good.
   *
   * @param duration how long
   */
  public synchronized void tokensLast(Duration duration) {
    life = duration;
  }

  /** Revokes all tokens, so that each is answered with 401. */
  public synchronized void revokeTokens() {
    tokens.clear();
  }

  synchronized boolean isGood(Optional<String> token) {
    Instant expires = tokens.get(token.orElse(""));
    return expires != null && clock.instant().isBefore(expires);
  }

  synchronized FakeAnswer logIn(ObjectNode body) {
    JsonNode auth = body.path("auth");
    JsonNode identity = auth.path("identity");
    String method = identity.path("methods").path(0).asText();
    boolean known =
        switch (method) {
          case "password" -> isUser(identity.path("password").path("user"), true);
          case "application_credential" -> isCredential(identity.path("application_credential"));
          case "token" -> isGood(Optional.of(identity.path("token").path("id").asText()));
          default -> false;
        };
    boolean scoped = method.equals("application_credential") || isProject(auth);
    if (!known || !scoped) {
      return refused();
    }
    String token = "gAAAA" + UUID.randomUUID();
    Instant expires = clock.instant().plus(life);
    tokens.put(token, expires);
    ObjectNode answer = Json.object();
    ObjectNode issued = answer.putObject("token");
    issued.putArray("methods").add(method);
    issued.put("issued_at", clock.instant().toString());
    issued.put("expires_at", expires.toString());
    issued.putObject("project").put("id", PROJECT_ID).put("name", PROJECT);
    ArrayNode entries =
        issued.putArray("catalog").addObject().put("type", "network").putArray("endpoints");
    endpoints.forEach(
        (key, url) -> {
          String[] parts = key.split(" ");
          entries
              .addObject()
              .put("region", parts[0])
              .put("region_id", parts[0])
              .put("interface", parts[1])
              .put("url", url.toString());
        });
    return FakeAnswer.json(201, answer.toString()).with("X-Subject-Token", token);
  }

  private static boolean isUser(JsonNode user, boolean withPassword) {
    boolean named =
        Json.text(user, "id").equals(USER)
            || (Json.text(user, "name").equals(USER) && isDefault(user.path("domain")));
    return named && (!withPassword || Json.text(user, "password").equals(PASSWORD));
  }

  private static boolean isCredential(JsonNode credential) {
    boolean named =
        Json.text(credential, "id").equals(CREDENTIAL_ID)
            || (Json.text(credential, "name").equals(CREDENTIAL_NAME)
                && isUser(credential.path("user"), false));
    return named && Json.text(credential, "secret").equals(CREDENTIAL_SECRET);
  }

  private static boolean isProject(JsonNode auth) {
    JsonNode project = auth.path("scope").path("project");
    return Json.text(project, "id").equals(PROJECT_ID)
        || (Json.text(project, "name").equals(PROJECT) && isDefault(project.path("domain")));
  }

  private static boolean isDefault(JsonNode domain) {
    return DEFAULT_DOMAIN.contains(Json.text(domain, "id"))
        || DEFAULT_DOMAIN.contains(Json.text(domain, "name"));
  }

  static FakeAnswer refused() {
    ObjectNode body = Json.object();
    body.putObject("error")
        .put("code", 401)
        .put("title", "Unauthorized")
        .put("message", "The request you have made requires authentication.");
    return FakeAnswer.json(401, body.toString());
  }
}
