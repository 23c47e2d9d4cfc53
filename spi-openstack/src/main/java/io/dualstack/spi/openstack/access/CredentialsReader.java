package io.dualstack.spi.openstack.access;

import static io.dualstack.spi.openstack.access.AccessOption.APPLICATION_CREDENTIAL_ID;
import static io.dualstack.spi.openstack.access.AccessOption.APPLICATION_CREDENTIAL_NAME;
import static io.dualstack.spi.openstack.access.AccessOption.APPLICATION_CREDENTIAL_SECRET;
import static io.dualstack.spi.openstack.access.AccessOption.AUTH_TYPE;
import static io.dualstack.spi.openstack.access.AccessOption.DEFAULT_DOMAIN;
import static io.dualstack.spi.openstack.access.AccessOption.PASSWORD;
import static io.dualstack.spi.openstack.access.AccessOption.PROJECT_DOMAIN_ID;
import static io.dualstack.spi.openstack.access.AccessOption.PROJECT_DOMAIN_NAME;
import static io.dualstack.spi.openstack.access.AccessOption.PROJECT_ID;
import static io.dualstack.spi.openstack.access.AccessOption.PROJECT_NAME;
import static io.dualstack.spi.openstack.access.AccessOption.TOKEN;
import static io.dualstack.spi.openstack.access.AccessOption.USERNAME;
import static io.dualstack.spi.openstack.access.AccessOption.USER_DOMAIN_ID;
import static io.dualstack.spi.openstack.access.AccessOption.USER_DOMAIN_NAME;
import static io.dualstack.spi.openstack.access.AccessOption.USER_ID;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.Diagnostic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the body of a login from the options (<a
 * href="https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management">Identity
 * API v3</a>): an application credential, a password or a token, or nobody.
 */
final class CredentialsReader {
  private final AccessValues values;
  private final List<Diagnostic> findings;
  private final List<String> missing = new ArrayList<>();

  CredentialsReader(AccessValues values, List<Diagnostic> findings) {
    this.values = values;
    this.findings = findings;
  }

  /** What is missing, by name; empty if nothing is. */
  List<String> missing() {
    return missing;
  }

  Credentials read() {
    String type = values.get(AUTH_TYPE).orElseGet(this::guessed);
    return switch (type) {
      case "none", "noauth" -> nobody();
      case "v3applicationcredential" -> applicationCredential();
      case "password", "v3password" -> password();
      case "token", "v3token" -> token();
      default -> {
        findings.add(
            Diagnostic.error(
                values.origin(AUTH_TYPE),
                "AuthTypeUnsupported",
                "\"%s\": use password, v3applicationcredential, token or none".formatted(type)));
        yield nobody();
      }
    };
  }

  private String guessed() {
    if (values.has(APPLICATION_CREDENTIAL_SECRET)) {
      return "v3applicationcredential";
    }
    return values.has(TOKEN) && !values.has(PASSWORD) ? "token" : "password";
  }

  private Credentials nobody() {
    return new Credentials.Nobody(values.get(PROJECT_ID).orElse(null));
  }

  private Credentials applicationCredential() {
    ObjectNode credential = object();
    String secret = required(APPLICATION_CREDENTIAL_SECRET);
    String who;
    if (values.has(APPLICATION_CREDENTIAL_ID)) {
      who = required(APPLICATION_CREDENTIAL_ID);
      credential.put("id", who);
    } else {
      who = required(APPLICATION_CREDENTIAL_NAME);
      credential.put("name", who);
      credential.set("user", user());
    }
    credential.put("secret", secret);
    return new Credentials.Keystone(
        "application credential " + who, identity("application_credential", credential), null);
  }

  private Credentials password() {
    ObjectNode user = user();
    user.put("password", required(PASSWORD));
    return new Credentials.Keystone(
        "user " + values.get(USERNAME).or(() -> values.get(USER_ID)).orElse(""),
        identity("password", object().set("user", user)),
        scope());
  }

  private Credentials token() {
    ObjectNode token = object().put("id", required(TOKEN));
    return new Credentials.Keystone("token", identity("token", token), scope());
  }

  private ObjectNode user() {
    ObjectNode user = object();
    if (values.has(USER_ID)) {
      return user.put("id", required(USER_ID));
    }
    user.put("name", required(USERNAME));
    user.set("domain", domain(USER_DOMAIN_ID, USER_DOMAIN_NAME));
    return user;
  }

  private ObjectNode scope() {
    ObjectNode project = object();
    if (values.has(PROJECT_ID)) {
      project.put("id", required(PROJECT_ID));
    } else {
      project.put("name", required(PROJECT_NAME));
      project.set("domain", domain(PROJECT_DOMAIN_ID, PROJECT_DOMAIN_NAME));
    }
    ObjectNode scope = object();
    scope.set("project", project);
    return scope;
  }

  private ObjectNode domain(AccessOption id, AccessOption name) {
    Optional<String> named = values.get(name).filter(text -> !text.isBlank());
    if (!values.has(id) && named.isPresent()) {
      return object().put("name", named.get());
    }
    return object()
        .put("id", values.get(id).or(() -> values.get(DEFAULT_DOMAIN)).orElse("default"));
  }

  private static ObjectNode identity(String method, JsonNode body) {
    ObjectNode identity = object();
    identity.putArray("methods").add(method);
    identity.set(method, body);
    return identity;
  }

  private String required(AccessOption option) {
    Optional<String> value = values.get(option).filter(text -> !text.isBlank());
    if (value.isEmpty()) {
      missing.add(option.names());
    }
    return value.orElse("");
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
