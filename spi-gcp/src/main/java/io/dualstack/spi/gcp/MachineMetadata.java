package io.dualstack.spi.gcp;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpTransport;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * What the metadata server tells a machine of Compute Engine about itself (<a
 * href="https://cloud.google.com/compute/docs/metadata/overview">VM metadata</a>).
 */
final class MachineMetadata {
  private static final String FLAVOR = "Metadata-Flavor";
  private static final String GOOGLE = "Google";
  private static final int CONNECT_MILLIS = 1_000;
  private static final int READ_MILLIS = 5_000;

  private final HttpTransport transport;
  private final String host;

  MachineMetadata(HttpTransport transport, Map<String, String> environment) {
    this.transport = transport;
    this.host = environment.getOrDefault("GCE_METADATA_HOST", "metadata.google.internal");
  }

  /** Returns a value; empty on a machine that is none of Compute Engine's. */
  Optional<String> value(String path) {
    try {
      HttpRequest request =
          transport
              .createRequestFactory()
              .buildGetRequest(new GenericUrl("http://" + host + "/computeMetadata/v1/" + path))
              .setConnectTimeout(CONNECT_MILLIS)
              .setReadTimeout(READ_MILLIS)
              .setThrowExceptionOnExecuteError(false);
      request.getHeaders().set(FLAVOR, GOOGLE);
      HttpResponse response = request.execute();
      String text = response.parseAsString();
      boolean isGoogles = GOOGLE.equals(response.getHeaders().getFirstHeaderStringValue(FLAVOR));
      return response.isSuccessStatusCode() && isGoogles
          ? Optional.of(text.strip())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
