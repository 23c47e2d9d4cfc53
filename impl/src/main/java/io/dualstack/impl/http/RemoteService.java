package io.dualstack.impl.http;

import io.dualstack.StoreUnavailableException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * A service behind HTTP, whose failures are told in words. Nothing is tried twice: whoever calls
 * knows how long to go on. Thread-safe.
 */
public final class RemoteService {

  private static final int OK = 200;

  private final HttpClient client;
  private final URI url;
  private final String base;
  private final Duration timeout;

  private RemoteService(
      URI url, Duration timeout, @Nullable SSLContext context, @Nullable SSLParameters parameters) {
    this.url = url;
    String text = url.toString();
    this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    this.timeout = timeout;
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(timeout);
    if (context != null) {
      builder.sslContext(context);
    }
    if (parameters != null) {
      builder.sslParameters(parameters);
    }
    this.client = builder.build();
  }

  /** Names a service that is reached with mutual TLS; nothing is contacted yet. */
  public static RemoteService of(URI url, Duration timeout, MutualTls tls) {
    return new RemoteService(url, timeout, tls.context(), tls.clientParameters());
  }

  /**
   * Names a service that is reached without a certificate of our own; nothing is contacted yet.
   *
   * @param trust whose certificates the service may have; null for the system's authorities
   */
  public static RemoteService of(URI url, Duration timeout, @Nullable SSLContext trust) {
    return new RemoteService(url, timeout, trust, null);
  }

  /** Returns where it is. */
  public URI url() {
    return url;
  }

  /** Begins a request to a path below the service's URL. */
  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(timeout);
  }

  /**
   * Sends a request.
   *
   * @throws StoreUnavailableException if there is no answer
   */
  public HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new StoreUnavailableException(
          "%s: %s; check the address, the network and the certificates".formatted(request.uri(), e),
          true,
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailableException(request.uri() + ": interrupted", true, e);
    }
  }

  /**
   * Returns an answer of 200 as it is.
   *
   * @throws StoreUnavailableException if it is another
   */
  public static HttpResponse<byte[]> ok(HttpResponse<byte[]> answer) {
    if (answer.statusCode() != OK) {
      throw new StoreUnavailableException(
          "%s: answered %d: %s"
              .formatted(answer.uri(), answer.statusCode(), JsonBody.readError(answer.body())),
          answer.statusCode() >= 500,
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
