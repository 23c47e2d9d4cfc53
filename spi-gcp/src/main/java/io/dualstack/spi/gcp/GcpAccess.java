package io.dualstack.spi.gcp;

import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.HttpTransport;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Application Default Credentials: the file that {@code GOOGLE_APPLICATION_CREDENTIALS} names, else
 * that of {@code gcloud auth application-default login}, else the metadata server. They are looked
 * for at the first request, since that may go over the network. Thread-safe.
 */
final class GcpAccess implements HttpRequestInitializer {
  private static final String SCOPE = "https://www.googleapis.com/auth/compute";

  private final GcpSettings settings;
  private final HttpTransport transport;
  private @Nullable GoogleCredentials credentials;

  GcpAccess(GcpSettings settings, HttpTransport transport) {
    this.settings = settings;
    this.transport = transport;
  }

  @Override
  public void initialize(HttpRequest request) throws IOException {
    if (!settings.anonymous()) {
      new HttpCredentialsAdapter(credentials()).initialize(request);
    }
  }

  /** Returns the project that the credentials name; empty if they name none. */
  Optional<String> projectOfCredentials() {
    if (settings.anonymous()) {
      return Optional.empty();
    }
    try {
      GoogleCredentials found = credentials();
      return found instanceof ServiceAccountCredentials account
          ? Optional.ofNullable(account.getProjectId())
          : Optional.ofNullable(found.getQuotaProjectId());
    } catch (IOException e) {
      throw ComputeFailure.of(e).toException("credentials");
    }
  }

  private synchronized GoogleCredentials credentials() throws IOException {
    GoogleCredentials known = credentials;
    if (known == null) {
      try {
        known = GoogleCredentials.getApplicationDefault(() -> transport).createScoped(SCOPE);
      } catch (IOException e) {
        throw new NoCredentials(e);
      }
      credentials = known;
    }
    return known;
  }

  /** There are no credentials, or they can't be read. */
  static final class NoCredentials extends IOException {
    private static final long serialVersionUID = 1L;

    NoCredentials(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
