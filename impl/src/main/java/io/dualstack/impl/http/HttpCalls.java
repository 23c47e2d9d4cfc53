package io.dualstack.impl.http;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionSpec;
import okhttp3.Dispatcher;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a {@link RemoteService} by OkHttp, which the client of the JDK is not up to: it
 * tries only the first address of a name. All threads end with the process. A class of its own, as
 * one that names missing classes can't even be linked.
 */
final class HttpCalls {

  /** The versions are those of our servers; which ciphers are good enough the JVM decides. */
  private static final ConnectionSpec TLS =
      new ConnectionSpec.Builder(ConnectionSpec.MODERN_TLS).allEnabledCipherSuites().build();

  private final OkHttpClient client;

  private HttpCalls(OkHttpClient client) {
    this.client = client;
  }

  /**
   * Prepares calls; nothing is contacted yet.
   *
   * @param timeout how long one call may take, from its first attempt to connect to the end of the
   *     body
   * @param tls for URLs of HTTPS; null if there is none
   */
  static HttpCalls of(Duration timeout, @Nullable ClientTls tls) {
    Dispatcher dispatcher =
        new Dispatcher(
            Executors.newCachedThreadPool(
                task -> {
                  Thread thread = new Thread(task, "http-client");
                  thread.setDaemon(true);
                  return thread;
                }));
    // Whoever calls has a thread for each call, and waits for none of the others.
    dispatcher.setMaxRequests(Integer.MAX_VALUE);
    dispatcher.setMaxRequestsPerHost(Integer.MAX_VALUE);
    long milliseconds = Math.max(1, Math.min(Integer.MAX_VALUE, timeout.toMillis()));
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .dispatcher(dispatcher)
            .protocols(List.of(Protocol.HTTP_1_1))
            .connectionSpecs(
                tls == null
                    ? List.of(ConnectionSpec.CLEARTEXT)
                    : List.of(TLS, ConnectionSpec.CLEARTEXT))
            .followRedirects(false)
            .followSslRedirects(false)
            .fastFallback(true)
            .connectTimeout(milliseconds, TimeUnit.MILLISECONDS)
            .callTimeout(milliseconds, TimeUnit.MILLISECONDS)
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO);
    if (tls != null) {
      builder.sslSocketFactory(tls.context().getSocketFactory(), tls.trust());
    }
    return new HttpCalls(builder.build());
  }

  /** A body that is never sent again, as nobody knows what came of it the first time. */
  private static final class Once extends RequestBody {
    private final byte[] bytes;

    Once(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public @Nullable MediaType contentType() {
      return null;
    }

    @Override
    public long contentLength() {
      return bytes.length;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.write(bytes);
    }
  }

  /**
   * Calls and waits for the answer.
   *
   * @throws IOException if there is none
   * @throws InterruptedException if the calling thread is interrupted; the call is given up
   * @throws IllegalArgumentException if it is no URL that can be called
   */
  RemoteAnswer call(
      String method, URI url, Map<String, String> headers, byte @Nullable [] requestBody)
      throws IOException, InterruptedException {
    Request.Builder request =
        new Request.Builder()
            .url(url.toString())
            .header("User-Agent", "dualstack")
            .header("Accept-Encoding", "identity")
            .method(method, requestBody == null ? null : new Once(requestBody));
    headers.forEach(request::header);
    Call call = client.newCall(request.build());
    CompletableFuture<RemoteAnswer> answer = new CompletableFuture<>();
    call.enqueue(
        new Callback() {
          @Override
          public void onFailure(Call failed, IOException e) {
            answer.completeExceptionally(e);
          }

          @Override
          public void onResponse(Call answered, Response response) {
            try (response) {
              answer.complete(
                  new RemoteAnswer(url.toString(), response.code(), response.body().bytes()));
            } catch (IOException e) {
              answer.completeExceptionally(e);
            }
          }
        });
    try {
      return answer.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failed) {
        throw failed;
      }
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      call.cancel();
      throw e;
    }
  }
}
