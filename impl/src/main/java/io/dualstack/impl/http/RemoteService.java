package io.dualstack.impl.http;

import io.dualstack.MissingDependencyException;
import io.dualstack.StoreUnavailableException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A service behind HTTP, whose failures are told in words. Where its name has several addresses
 * they are tried in turn, IPv6 first, then the families alternately, each a quarter of a second
 * after the one before or as soon as that is refused; the first that connects is taken (RFC 8305
 * section 5). Beyond that nothing is tried twice: whoever calls knows how long to go on. Only what
 * has no body is asked again, once, when it met an idle connection that the server had closed, or
 * when the server asks for it. Redirects are not followed, and proxies are those of the JVM's
 * settings. Thread-safe.
 */
public final class RemoteService {

  private static final int OK = 200;

  private final URI url;
  private final String base;
  private final HttpCalls calls;

  private RemoteService(URI url, HttpCalls calls) {
    this.url = url;
    String text = url.toString();
    this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    this.calls = calls;
  }

  /**
   * Names a service that is reached with mutual TLS; nothing is contacted yet.
   *
   * @param timeout how long one call may take
   * @throws MissingDependencyException without OkHttp
   */
  public static RemoteService of(URI url, Duration timeout, MutualTls tls) {
    return of(url, timeout, tls.client());
  }

  /**
   * Names a service that is reached without a certificate of our own; nothing is contacted yet.
   *
   * @param timeout how long one call may take
   * @param trust whose certificates the service may have; null for the system's authorities
   * @throws MissingDependencyException without OkHttp
   */
  public static RemoteService of(URI url, Duration timeout, @Nullable ClientTls trust) {
    @Nullable ClientTls tls =
        trust == null && "https".equalsIgnoreCase(url.getScheme()) ? ClientTls.ofSystem() : trust;
    try {
      return new RemoteService(url, HttpCalls.of(timeout, tls));
    } catch (NoClassDefFoundError e) {
      throw new MissingDependencyException("calling " + url, "com.squareup.okhttp3:okhttp-jvm", e);
    }
  }

  /** Returns where it is. */
  public URI url() {
    return url;
  }

  /**
   * Asks for what is at a path below the service's URL.
   *
   * @throws StoreUnavailableException if there is no answer
   */
  public RemoteAnswer get(String path) {
    return get(path, Map.of());
  }

  /**
   * Asks for what is at a path below the service's URL.
   *
   * @throws StoreUnavailableException if there is no answer
   */
  public RemoteAnswer get(String path, Map<String, String> headers) {
    return call("GET", path, headers, null);
  }

  /**
   * Puts a body at a path below the service's URL.
   *
   * @throws StoreUnavailableException if there is no answer; it may have arrived all the same
   */
  public RemoteAnswer put(String path, Map<String, String> headers, byte[] body) {
    return call("PUT", path, headers, body);
  }

  /**
   * Posts a body to a path below the service's URL.
   *
   * @throws StoreUnavailableException if there is no answer; it may have arrived all the same
   */
  public RemoteAnswer post(String path, Map<String, String> headers, byte[] body) {
    return call("POST", path, headers, body);
  }

  private RemoteAnswer call(
      String method, String path, Map<String, String> headers, byte @Nullable [] body) {
    URI asked = URI.create(base + path);
    try {
      return calls.call(method, asked, headers, body);
    } catch (IOException e) {
      throw new StoreUnavailableException(
          "%s: %s; check the address, the network and the certificates"
              .formatted(asked, reasons(e)),
          true,
          e);
    } catch (IllegalArgumentException e) {
      throw new StoreUnavailableException(
          "%s: can't be called: %s; is the address right?".formatted(asked, e.getMessage()),
          false,
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException(asked + ": interrupted", true, e);
    }
  }

  /** Each address that was tried has its own. */
  private static String reasons(IOException e) {
    return Stream.concat(Stream.of(e), Stream.of(e.getSuppressed()))
        .map(Throwable::toString)
        .distinct()
        .collect(Collectors.joining("; "));
  }

  /**
   * Returns an answer of 200 as it is.
   *
   * @throws StoreUnavailableException if it is another
   */
  public static RemoteAnswer ok(RemoteAnswer answer) {
    if (answer.status() != OK) {
      throw new StoreUnavailableException(
          "%s: answered %d: %s"
              .formatted(answer.url(), answer.status(), JsonBody.readError(answer.body())),
          answer.status() >= 500,
          null);
    }
    return answer;
  }

  /**
   * Returns what to throw when an answer makes no sense.
   *
   * @param what what it should have been
   */
  public StoreUnavailableException nonsense(String path, String what, Exception e) {
    return new StoreUnavailableException(
        "%s%s: answered what is no %s: %s; is the address right?"
            .formatted(base, path, what, e.getMessage()),
        false,
        e);
  }
}
