package io.dualstack.spi.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.dualstack.provider.ProviderSession;
import io.dualstack.testkit.cloud.FakeAnswer;
import io.dualstack.testkit.cloud.FakeRequest;
import io.dualstack.testkit.cloud.FakeServer;
import io.dualstack.testkit.cloud.aws.FakeEc2;
import io.dualstack.testkit.provider.InMemoryProviderContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes from the machine's surroundings: proxies, profiles, roles. */
class Ec2ConnectionTest {
  private final FakeEc2 ec2 = FakeRegion.start();
  private final Map<String, @Nullable String> before = new HashMap<>();

  @TempDir Path directory;

  private void set(String property, String value) {
    before.putIfAbsent(property, System.getProperty(property));
    System.setProperty(property, value);
  }

  private void clear(String property) {
    before.putIfAbsent(property, System.getProperty(property));
    System.clearProperty(property);
  }

  @AfterEach
  void restore() {
    before.forEach(
        (property, value) -> {
          if (value == null) {
            System.clearProperty(property);
          } else {
            System.setProperty(property, value);
          }
        });
    ec2.close();
  }

  /** The part of the Security Token Service that hands out a role's credentials. */
  private static final class FakeSts extends FakeServer {
    @Override
    protected String operation(FakeRequest request) {
      return request.form().getOrDefault("Action", List.of("")).get(0);
    }

    @Override
    protected FakeAnswer answer(FakeRequest request) {
      assertThat(request.form().get("RoleArn")).containsExactly("arn:aws:iam::123456789012:role/c");
      return FakeAnswer.xml(
          200,
          """
          <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
          <Credentials><AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
          <SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
          </AssumeRoleResult></AssumeRoleResponse>
          """);
    }

    @Override
    protected FakeAnswer throttled(FakeRequest request) {
      return FakeAnswer.empty(400);
    }

    @Override
    protected FakeAnswer failed(FakeRequest request) {
      return FakeAnswer.empty(500);
    }
  }

  /** A machine's metadata service, which answers those alone who ask it for a token first. */
  private static final class FakeMetadata extends FakeServer {
    private static final String ROLES = "/latest/meta-data/iam/security-credentials";

    @Override
    protected String operation(FakeRequest request) {
      return request.path();
    }

    @Override
    protected FakeAnswer answer(FakeRequest request) {
      if (request.path().equals("/latest/api/token")) {
        return FakeAnswer.json(200, "token").with("x-aws-ec2-metadata-token-ttl-seconds", "21600");
      }
      if (!request.header("x-aws-ec2-metadata-token").equals(Optional.of("token"))) {
        return FakeAnswer.empty(401);
      }
      return switch (request.path()) {
        case ROLES, ROLES + "/" -> FakeAnswer.json(200, "cell-role");
        case ROLES + "/cell-role" ->
            FakeAnswer.json(
                200,
                """
                {"Code": "Success", "Type": "AWS-HMAC", "LastUpdated": "2026-11-24T12:00:00Z",
                 "AccessKeyId": "ASIAMACHINE", "SecretAccessKey": "s", "Token": "t",
                 "Expiration": "2099-01-01T00:00:00Z"}
                """);
        case "/latest/dynamic/instance-identity/document" ->
            FakeAnswer.json(200, "{\"region\": \"eu-south-2\"}");
        default -> FakeAnswer.empty(404);
      };
    }

    @Override
    protected FakeAnswer throttled(FakeRequest request) {
      return FakeAnswer.empty(503);
    }

    @Override
    protected FakeAnswer failed(FakeRequest request) {
      return FakeAnswer.empty(500);
    }
  }

  private void configure(String... lines) throws IOException {
    Path file = Files.write(directory.resolve("config"), List.of(lines));
    set("aws.configFile", file.toString());
    set("aws.sharedCredentialsFile", directory.resolve("none").toString());
  }

  private void assertSignedBy(String key, String region) {
    assertThat(ec2.requests())
        .isNotEmpty()
        .allSatisfy(
            request ->
                assertThat(request.header("Authorization").orElseThrow())
                    .contains("Credential=" + key + "/")
                    .contains("/" + region + "/ec2/aws4_request"));
  }

  private void askAsProfile(String profile) {
    InMemoryProviderContext context =
        new InMemoryProviderContext()
            .configure("endpoint", ec2.endpoint().toString())
            .configure("profile", profile);
    try (ProviderSession session = new AwsNetworkProvider().open(context)) {
      assertThat(session.pools()).hasSize(2);
    }
  }

  @Test
  void a_profile_gives_region_and_credentials() throws IOException {
    configure(
        "[profile cells]",
        "region = eu-west-3",
        "aws_access_key_id = AKIACELLS",
        "aws_secret_access_key = s");

    askAsProfile("cells");

    assertSignedBy("AKIACELLS", "eu-west-3");
  }

  @Test
  void a_profile_may_assume_a_role() throws IOException {
    try (FakeSts sts = new FakeSts()) {
      configure(
          "[profile base]",
          "aws_access_key_id = AKIABASE",
          "aws_secret_access_key = s",
          "[profile cells]",
          "region = eu-west-3",
          "source_profile = base",
          "role_arn = arn:aws:iam::123456789012:role/c");
      set("aws.endpointUrlSts", sts.endpoint().toString());

      askAsProfile("cells");
    }

    assertSignedBy("ASIAROLE", "eu-west-3");
  }

  @Test
  void the_machine_gives_region_and_credentials_of_its_role() throws IOException {
    assumeThat(System.getenv()).doesNotContainKeys("AWS_ACCESS_KEY_ID", "AWS_REGION");
    configure();
    clear("aws.accessKeyId");
    try (FakeMetadata metadata = new FakeMetadata()) {
      set("aws.disableEc2Metadata", "false");
      set("aws.ec2MetadataServiceEndpoint", metadata.endpoint().toString());
      InMemoryProviderContext context =
          new InMemoryProviderContext().configure("endpoint", ec2.endpoint().toString());

      try (ProviderSession session = new AwsNetworkProvider().open(context)) {
        assertThat(session.pools()).hasSize(2);
      }
    }

    assertSignedBy("ASIAMACHINE", "eu-south-2");
  }

  @Test
  void a_proxy_is_used() throws Exception {
    try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> refuseOne(proxy));
      set("http.proxyHost", "127.0.0.1");
      set("http.proxyPort", String.valueOf(proxy.getLocalPort()));
      InMemoryProviderContext context =
          FakeRegion.context(ec2)
              .configure("endpoint", "http://ec2.invalid")
              .configure("attempts", "1");

      try (ProviderSession session = new AwsNetworkProvider().open(context)) {
        assertThatThrownBy(session::pools).hasMessageContaining("EC2 answered HTTP 503");
      }

      assertThat(asked.join()).startsWith("POST http://ec2.invalid");
    }
  }

  /** Answers one request as a proxy without a way on, and returns its first line. */
  private static String refuseOne(ServerSocket proxy) {
    try (Socket client = proxy.accept()) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
      String first = in.readLine();
      client
          .getOutputStream()
          .write(
              "HTTP/1.0 503 No\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      return first;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
