package io.dualstack.spi.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.javanet.NetHttpTransport;
import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.testkit.cloud.FakeAnswer;
import io.dualstack.testkit.cloud.FakeRequest;
import io.dualstack.testkit.cloud.FakeServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials, project and region where Google's own tools look for them. */
class ProjectAndRegionTest {
  private static final Map<String, String> OWN_ENDPOINT =
      Map.of("endpoint", "http://127.0.0.1:1", "credentials", "none");

  @TempDir private Path home;
  private final String before = System.getProperty("user.home");
  private final Google google = new Google();

  /** A token service and a machine's metadata. */
  private static final class Google extends FakeServer {
    private final Map<String, FakeAnswer> answers = new LinkedHashMap<>();

    Google() {
      answers.put(
          "/token",
          FakeAnswer.json(
              200, "{\"access_token\":\"T\",\"token_type\":\"Bearer\",\"expires_in\":3600}"));
      metadata("/computeMetadata/v1/project/project-id", "of-machine");
      metadata("/computeMetadata/v1/instance/zone", "projects/123/zones/europe-west4-b");
    }

    private void metadata(String path, String value) {
      answers.put(path, new FakeAnswer(200, Map.of("Metadata-Flavor", "Google"), value));
    }

    @Override
    protected String operation(FakeRequest request) {
      return request.path();
    }

    @Override
    protected FakeAnswer answer(FakeRequest request) {
      return answers.getOrDefault(request.path(), FakeAnswer.json(200, "{}"));
    }

    @Override
    protected FakeAnswer throttled(FakeRequest request) {
      return FakeAnswer.empty(429);
    }

    @Override
    protected FakeAnswer failed(FakeRequest request) {
      return FakeAnswer.empty(500);
    }

    String host() {
      return endpoint().getAuthority();
    }
  }

  @BeforeEach
  void live_at_home() {
    System.setProperty("user.home", home.toString());
  }

  @AfterEach
  void leave() {
    System.setProperty("user.home", before);
    google.close();
  }

  private ProjectAndRegion place(Map<String, String> settings, Map<String, String> environment) {
    GcpSettings read = GcpSettings.of(settings, environment);
    NetHttpTransport transport = new NetHttpTransport();
    return new ProjectAndRegion(read, new GcpAccess(read, transport), environment, home, transport);
  }

  private void configure(String name, String... lines) throws IOException {
    Path folder = Files.createDirectories(home.resolve(".config/gcloud/configurations"));
    Files.writeString(folder.resolve("config_" + name), String.join("\n", lines));
  }

  private void serviceAccount() throws Exception {
    KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
    keys.initialize(2048);
    String key =
        Base64.getEncoder().encodeToString(keys.generateKeyPair().getPrivate().getEncoded());
    Files.createDirectories(home.resolve(".config/gcloud"));
    Files.writeString(
        home.resolve(".config/gcloud/application_default_credentials.json"),
        """
        {"type": "service_account", "project_id": "of-key", "client_id": "1",
         "client_email": "cells@of-key.iam.gserviceaccount.com", "private_key_id": "k",
         "private_key": "-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n",
         "token_uri": "%s/token"}
        """
            .formatted(key, google.endpoint()));
  }

  /** Google's client keeps what it has found for the whole process, so no other test looks. */
  @Test
  void a_key_file_signs_requests_and_names_the_project() throws Exception {
    serviceAccount();
    configure("default", "[core]", "project = of-gcloud");
    GcpSettings settings = GcpSettings.of(Map.of("region", "europe-west1"), Map.of());
    NetHttpTransport transport = new NetHttpTransport();
    GcpAccess access = new GcpAccess(settings, transport);

    transport
        .createRequestFactory(access)
        .buildGetRequest(new GenericUrl(google.endpoint() + "/compute"))
        .execute()
        .disconnect();

    assertThat(place(Map.of(), Map.of()).project()).isEqualTo("of-key");
    assertThat(google.requests())
        .extracting(FakeRequest::path)
        .containsExactly("/token", "/compute");
    assertThat(google.requests().get(1).header("Authorization")).contains("Bearer T");
  }

  @Test
  void settings_go_first_then_gcloud() throws Exception {
    configure("default", "[core]", "project = of-gcloud", "[compute]", "region = us-east1");

    assertThat(place(Map.of("project", "of-setting"), Map.of()).project()).isEqualTo("of-setting");
    assertThat(place(Map.of("region", "europe-west1"), Map.of()).region())
        .isEqualTo("europe-west1");
    assertThat(place(OWN_ENDPOINT, Map.of()).project()).isEqualTo("of-gcloud");
    assertThat(place(OWN_ENDPOINT, Map.of()).region()).isEqualTo("us-east1");
  }

  @Test
  void a_zone_tells_the_region_and_the_active_configuration_is_read() throws Exception {
    configure("default", "[compute]", "region = us-east1");
    configure("cells", "[compute]", "# of the cells", "zone = asia-east1-b");
    Files.writeString(home.resolve(".config/gcloud/active_config"), "cells\n");

    assertThat(place(OWN_ENDPOINT, Map.of()).region()).isEqualTo("asia-east1");
    assertThat(place(OWN_ENDPOINT, Map.of("CLOUDSDK_ACTIVE_CONFIG_NAME", "default")).region())
        .isEqualTo("us-east1");
  }

  @Test
  void a_machine_of_compute_engine_is_asked_about_itself() throws Exception {
    Map<String, String> environment = Map.of("GCE_METADATA_HOST", google.host());

    assertThat(place(Map.of(), environment).region()).isEqualTo("europe-west4");
    assertThat(new MachineMetadata(new NetHttpTransport(), environment).value("project/project-id"))
        .contains("of-machine");
    assertThat(new MachineMetadata(new NetHttpTransport(), environment).value("other"))
        .as("an answer that isn't the metadata server's")
        .isEmpty();
    assertThat(google.requests())
        .allSatisfy(request -> assertThat(request.header("Metadata-Flavor")).contains("Google"));
  }

  @Test
  void who_tells_nobody_is_not_configured() {
    Map<String, String> environment = Map.of("GCE_METADATA_HOST", "127.0.0.1:1");

    assertThatThrownBy(() -> place(Map.of(), environment).region())
        .isInstanceOfSatisfying(
            ProviderException.class,
            failure -> assertThat(failure.reason()).isEqualTo(Reason.NOT_CONFIGURED))
        .hasMessageContaining("CLOUDSDK_COMPUTE_REGION");
    assertThatThrownBy(() -> place(OWN_ENDPOINT, environment).project())
        .isInstanceOf(ProviderException.class)
        .hasMessageContaining("GOOGLE_CLOUD_PROJECT");
  }
}
