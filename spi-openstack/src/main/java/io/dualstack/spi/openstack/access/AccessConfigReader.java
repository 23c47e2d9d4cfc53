package io.dualstack.spi.openstack.access;

import static io.dualstack.spi.openstack.access.AccessOption.AUTH_URL;
import static io.dualstack.spi.openstack.access.AccessOption.CACERT;
import static io.dualstack.spi.openstack.access.AccessOption.ENDPOINT;
import static io.dualstack.spi.openstack.access.AccessOption.INTERFACE;
import static io.dualstack.spi.openstack.access.AccessOption.REGION;
import static io.dualstack.spi.openstack.access.AccessOption.VERIFY;

import io.dualstack.Diagnostic;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads how to reach a cloud, and says all that is wrong or missing at once. */
public final class AccessConfigReader {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int ATTEMPTS = 6;
  private static final int MOST_ATTEMPTS = 100;

  private static final Set<String> OWN =
      Set.of("cloud", "proxy", "no_proxy", "timeout", "attempts");
  private static final Set<String> INTERFACES = Set.of("public", "internal", "admin");

  private final Map<String, String> settings;
  private final Surroundings surroundings;
  private final List<Diagnostic> findings;
  private final List<String> missing = new ArrayList<>();

  /**
   * Creates a reader.
   *
   * @param settings the provider's settings
   * @param surroundings environment and files
   * @param findings where what is wrong is added
   */
  public AccessConfigReader(
      Map<String, String> settings, Surroundings surroundings, List<Diagnostic> findings) {
    this.settings = settings;
    this.surroundings = surroundings;
    this.findings = findings;
  }

  /**
   * Returns the names of the settings that are read here.
   *
   * @return the names, in order
   */
  public static Set<String> settingNames() {
    Set<String> names = new TreeSet<>(AccessOption.settings());
    names.addAll(OWN);
    return names;
  }

  /**
   * Returns what is missing after {@link #read}.
   *
   * @return settings, with the environment variables that serve as well; empty if nothing is
   */
  public List<String> missing() {
    return missing;
  }

  /**
   * Reads the configuration. Incomplete if {@link #missing} is not empty, or if something was found
   * wrong.
   *
   * @return the configuration
   */
  public AccessConfig read() {
    AccessValues values = AccessValues.of(settings, surroundings);
    CredentialsReader reader = new CredentialsReader(values, findings);
    Credentials credentials = reader.read();
    missing.addAll(reader.missing());
    Optional<URI> authUrl = values.get(AUTH_URL).flatMap(text -> url(values, AUTH_URL, text));
    Optional<URI> endpoint = values.get(ENDPOINT).flatMap(text -> url(values, ENDPOINT, text));
    if (credentials instanceof Credentials.Keystone && !values.has(AUTH_URL)) {
      missing.add(AUTH_URL.names());
    }
    if (credentials instanceof Credentials.Nobody && !values.has(ENDPOINT)) {
      missing.add(ENDPOINT.names());
    }
    return new AccessConfig(
        credentials,
        authUrl.orElse(null),
        values.get(REGION).filter(text -> !text.isBlank()).orElse(null),
        endpointInterface(values),
        endpoint.orElse(null),
        values.get(CACERT).flatMap(text -> file(values, text)).orElse(null),
        values.get(VERIFY).map(text -> truth(values.origin(VERIFY), text)).orElse(true),
        proxy(authUrl.or(() -> endpoint)).orElse(null),
        noProxy(),
        timeout(),
        number("attempts", ATTEMPTS, MOST_ATTEMPTS));
  }

  private Optional<URI> url(AccessValues values, AccessOption option, String text) {
    return url(values.origin(option), text);
  }

  private Optional<URI> url(String origin, String text) {
    try {
      URI uri = URI.create(text.strip());
      if (uri.getHost() != null && Set.of("http", "https").contains(uri.getScheme())) {
        return Optional.of(uri);
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    findings.add(
        Diagnostic.error(
            origin, "UrlInvalid", "\"" + text + "\": is no http:// or https:// URL with a host"));
    return Optional.empty();
  }

  private String endpointInterface(AccessValues values) {
    String text = values.get(INTERFACE).orElse("public").replaceFirst("URL$", "");
    if (!INTERFACES.contains(text)) {
      findings.add(
          Diagnostic.error(
              values.origin(INTERFACE),
              "InterfaceUnknown",
              "\"" + text + "\": use public, internal or admin"));
    }
    return text;
  }

  private Optional<Path> file(AccessValues values, String text) {
    Path file =
        text.startsWith("~/")
            ? surroundings.home().resolve(text.substring(2))
            : surroundings.folder().resolve(text);
    if (!Files.isReadable(file)) {
      findings.add(
          Diagnostic.error(
              values.origin(CACERT),
              "CertificatesMissing",
              "\"" + text + "\": can't be read; name a file of PEM certificates"));
    }
    return Optional.of(file);
  }

  private boolean truth(String origin, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (!lower.equals("true") && !lower.equals("false")) {
      findings.add(Diagnostic.error(origin, "TruthInvalid", "\"" + text + "\": use true or false"));
    }
    return !lower.equals("false");
  }

  private Optional<URI> proxy(Optional<URI> target) {
    String setting = settings.get("proxy");
    String scheme = target.map(URI::getScheme).orElse("https");
    @Nullable String text = setting;
    String origin = "proxy";
    for (String variable : List.of(scheme + "_proxy", "all_proxy")) {
      for (String name : List.of(variable, variable.toUpperCase(Locale.ROOT))) {
        if (text == null && !surroundings.environment().getOrDefault(name, "").isBlank()) {
          text = surroundings.environment().get(name);
          origin = name;
        }
      }
    }
    if (text == null || text.isBlank()) {
      return Optional.empty();
    }
    Optional<URI> proxy = url(origin, text.contains("://") ? text : "http://" + text);
    if (proxy.isPresent() && proxy.get().getUserInfo() != null) {
      findings.add(
          Diagnostic.error(
              origin,
              "ProxyCredentialsUnsupported",
              "the proxy's user and password are unsupported; use a proxy that asks for none"));
    }
    return proxy;
  }

  private List<String> noProxy() {
    String text =
        Optional.ofNullable(settings.get("no_proxy"))
            .or(() -> Optional.ofNullable(surroundings.environment().get("no_proxy")))
            .or(() -> Optional.ofNullable(surroundings.environment().get("NO_PROXY")))
            .orElse("");
    return Stream.of(text.split(",")).map(String::strip).filter(host -> !host.isEmpty()).toList();
  }

  private Duration timeout() {
    String text = settings.get("timeout");
    if (text == null) {
      return TIMEOUT;
    }
    try {
      Duration timeout =
          text.matches("[0-9]{1,6}")
              ? Duration.ofSeconds(Integer.parseInt(text))
              : Duration.parse(text);
      if (timeout.compareTo(Duration.ZERO) > 0 && timeout.compareTo(LONGEST) <= 0) {
        return timeout;
      }
    } catch (DateTimeParseException e) {
      // Said below.
    }
    findings.add(
        Diagnostic.error(
            "timeout",
            "TimeoutInvalid",
            "\"" + text + "\": use seconds or a duration such as PT1M, at most an hour"));
    return TIMEOUT;
  }

  private int number(String setting, int otherwise, int most) {
    String text = settings.get(setting);
    if (text == null) {
      return otherwise;
    }
    if (text.matches("[0-9]{1,4}")) {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= most) {
        return number;
      }
    }
    findings.add(
        Diagnostic.error(
            setting, "NumberInvalid", "\"%s\": use a number from 1 to %d".formatted(text, most)));
    return otherwise;
  }
}
