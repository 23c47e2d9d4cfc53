package io.dualstack.spi.openstack.access;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One value that says how to reach a cloud, with its names: as a setting, as environment variables,
 * and in {@code clouds.yaml}, inside or outside of its {@code auth} part (<a
 * href="https://docs.openstack.org/openstacksdk/latest/user/config/configuration.html">OpenStack
 * SDK, configuration</a>).
 */
enum AccessOption {
  AUTH_TYPE("auth_type", false, "OS_AUTH_TYPE"),
  AUTH_URL("auth_url", true, "OS_AUTH_URL"),
  USERNAME("username", true, "OS_USERNAME"),
  USER_ID("user_id", true, "OS_USER_ID"),
  PASSWORD("password", true, "OS_PASSWORD"),
  USER_DOMAIN_NAME("user_domain_name", true, "OS_USER_DOMAIN_NAME"),
  USER_DOMAIN_ID("user_domain_id", true, "OS_USER_DOMAIN_ID"),
  PROJECT_NAME("project_name", true, "OS_PROJECT_NAME", "OS_TENANT_NAME"),
  PROJECT_ID("project_id", true, "OS_PROJECT_ID", "OS_TENANT_ID"),
  PROJECT_DOMAIN_NAME("project_domain_name", true, "OS_PROJECT_DOMAIN_NAME"),
  PROJECT_DOMAIN_ID("project_domain_id", true, "OS_PROJECT_DOMAIN_ID"),
  DEFAULT_DOMAIN("default_domain", true, "OS_DEFAULT_DOMAIN"),
  APPLICATION_CREDENTIAL_ID("application_credential_id", true, "OS_APPLICATION_CREDENTIAL_ID"),
  APPLICATION_CREDENTIAL_NAME(
      "application_credential_name", true, "OS_APPLICATION_CREDENTIAL_NAME"),
  APPLICATION_CREDENTIAL_SECRET(
      "application_credential_secret", true, "OS_APPLICATION_CREDENTIAL_SECRET"),
  TOKEN("token", true, "OS_TOKEN"),
  REGION("region", "region_name", "OS_REGION_NAME"),
  INTERFACE("interface", false, "OS_INTERFACE", "OS_ENDPOINT_TYPE"),
  ENDPOINT("endpoint", "network_endpoint_override", "OS_NETWORK_ENDPOINT_OVERRIDE"),
  CACERT("cacert", false, "OS_CACERT"),
  VERIFY("verify", false);

  private static final Set<AccessOption> NOT_OF_A_CLOUD = Set.of(REGION, INTERFACE, CACERT);

  private final String setting;
  private final String fileKey;
  private final boolean inAuth;
  private final List<String> variables;

  AccessOption(String setting, boolean inAuth, String... variables) {
    this(setting, setting, inAuth, variables);
  }

  AccessOption(String setting, String fileKey, String... variables) {
    this(setting, fileKey, false, variables);
  }

  AccessOption(String setting, String fileKey, boolean inAuth, String... variables) {
    this.setting = setting;
    this.fileKey = fileKey;
    this.inAuth = inAuth;
    this.variables = List.of(variables);
  }

  String setting() {
    return setting;
  }

  String fileKey() {
    return fileKey;
  }

  boolean inAuth() {
    return inAuth;
  }

  List<String> variables() {
    return variables;
  }

  /** Whether the environment may say it although a cloud of {@code clouds.yaml} is named. */
  boolean isBesideCloud() {
    return NOT_OF_A_CLOUD.contains(this);
  }

  static Set<String> settings() {
    return Arrays.stream(values()).map(AccessOption::setting).collect(Collectors.toSet());
  }

  /** The setting and the variables, for messages. */
  String names() {
    return Optional.of(variables)
        .filter(names -> !names.isEmpty())
        .map(names -> setting + " (" + names.get(0) + ")")
        .orElse(setting);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
