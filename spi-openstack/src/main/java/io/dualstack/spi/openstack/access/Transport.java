package io.dualstack.spi.openstack.access;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends requests, again where that is safe: when the service was not reached, when it asks for
 * patience, and when it fails on a request that does no harm twice. Bodies and headers are never
 * logged, as they carry secrets. Thread-safe.
 */
public final class Transport {
  private static final Logger LOG = LoggerFactory.getLogger(Transport.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<Integer> OVERLOADED = Set.of(413, 429);
  private static final Set<Integer> BROKEN = Set.of(500, 502, 503, 504);

  /** What an untyped failure of a service is called; one with another type is an answer. */
  private static final String INTERNAL = "HTTPInternalServerError";

  /**
   * A request.
   *
   * @param method the HTTP method
   * @param uri where to
   * @param headers beside those of every request
   * @param body the JSON body; null for none
   * @param repeatable whether doing it twice is doing it once
   */
  public record Request(
      String method,
      URI uri,
      Map<String, String> headers,
      @Nullable JsonNode body,
      boolean repeatable) {

    /** Returns method and place, without headers and body. */
    @Override
    public String toString() {
      return method + " " + uri;
    }
  }

  /**
   * An answer.
   *
   * @param status the HTTP status
   * @param headers the headers
   * @param body the JSON body; missing if there is none
   */
  public record Answer(int status, HttpHeaders headers, JsonNode body) {
    /**
     * Returns whether the service did what it was asked.
     *
     * @return true for 200 to 299
     */
    public boolean isDone() {
      return status / 100 == 2;
    }

    /**
     * Returns the service's own name of an error.
     *
     * @return the name; empty if there is none
     */
    public String errorType() {
      return body.path("NeutronError").path("type").asText("");
    }

    /**
     * Returns the service's words for an error.
     *
     * @return Neutron's, Keystone's, or the status
     */
    public String errorMessage() {
      JsonNode neutron = body.path("NeutronError");
      if (neutron.isTextual()) {
        return neutron.asText();
      }
      String text =
          neutron.path("message").asText(body.path("error").path("message").asText("")).strip();
      return text.isEmpty() ? "HTTP status " + status : text;
    }
  }

  private final HttpClient client;
  private final Duration timeout;
  private final Patience patience;

  /**
   * Creates a transport.
   *
   * @param client sends
   * @param timeout how long one request may take
   * @param patience how often and after how long to try again
   */
  public Transport(HttpClient client, Duration timeout, Patience patience) {
    this.client = client;
    this.timeout = timeout;
    this.patience = patience;
  }

  /**
   * Sends a request.
   *
   * @param request the request
   * @return the answer, of any status
   * @throws ApiFailure if there is none
   */
  public Answer send(Request request) {
    for (int tried = 1; ; tried++) {
      boolean last = tried >= patience.attempts();
      try {
        Answer answer = once(request);
        if (last || !isWorthAnotherTry(request, answer)) {
          return answer;
        }
        LOG.atDebug().addKeyValue("request", request).log("status {}", answer.status());
        patience.await(tried, asked(answer));
      } catch (IOException e) {
        boolean reached = !(e instanceof ConnectException || isConnectTimeout(e));
        if (last || (reached && !request.repeatable())) {
          throw ApiFailure.unanswered(
              reached, request.method() + " " + place(request.uri()) + ": no answer: " + why(e), e);
        }
        LOG.atDebug().addKeyValue("request", request).log("no answer: {}", why(e));
        patience.await(tried, null);
      }
    }
  }

  private static boolean isConnectTimeout(IOException e) {
    return e instanceof HttpConnectTimeoutException;
  }

  private static boolean isWorthAnotherTry(Request request, Answer answer) {
    if (OVERLOADED.contains(answer.status())) {
      return true;
    }
    String type = answer.errorType();
    return request.repeatable()
        && BROKEN.contains(answer.status())
        && (type.isEmpty() || type.equals(INTERNAL));
  }

  private static @Nullable Duration asked(Answer answer) {
    return answer
        .headers()
        .firstValue("Retry-After")
        .filter(text -> text.matches("[0-9]{1,5}"))
        .map(text -> Duration.ofSeconds(Integer.parseInt(text)))
        .orElse(null);
  }

  private Answer once(Request request) throws IOException {
    JsonNode body = request.body();
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(request.uri())
            .timeout(timeout)
            .header("Accept", "application/json")
            .method(
                request.method(),
                body == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
    if (body != null) {
      builder.header("Content-Type", "application/json");
    }
    request.headers().forEach(builder::header);
    try {
      HttpResponse<byte[]> response = client.send(builder.build(), BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), response.headers(), parsed(response));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiFailure.unanswered(true, request + ": interrupted", e);
    }
  }

  /** What isn't JSON comes from something in front of the service. */
  private static JsonNode parsed(HttpResponse<byte[]> response) throws IOException {
    if (response.body().length == 0) {
      return MissingNode.getInstance();
    }
    try {
      return JSON.readTree(response.body());
    } catch (JacksonException e) {
      if (response.statusCode() / 100 == 2) {
        throw new IOException("the answer is no JSON; is this the right endpoint?", e);
      }
      return MissingNode.getInstance();
    }
  }

  private static String place(URI uri) {
    return uri.getScheme() + "://" + uri.getAuthority() + uri.getPath();
  }

  private static String why(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
