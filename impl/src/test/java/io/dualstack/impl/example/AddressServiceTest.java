package io.dualstack.impl.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of this module's README, called as its users would. */
class AddressServiceTest {

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();

  private CompletableFuture<HttpResponse<String>> send(
      AddressService service, String method, String machine) {
    return client.sendAsync(
        HttpRequest.newBuilder(
                URI.create("http://localhost:%d/machines/%s".formatted(service.port(), machine)))
            .method(method, BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }

  private String body(AddressService service, String method, String machine) {
    HttpResponse<String> answer = send(service, method, machine).join();
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  @Test
  void machines_keep_what_they_got_until_it_is_released_also_when_the_service_restarts()
      throws Exception {
    String store = "sqlite:" + folder.resolve("machines.db");
    String got = "machines 10.0.16.1/32\nprefixes 2001:db8:4e04:d139:1::/80\n";
    try (AddressService service = new AddressService(store)) {
      assertThat(body(service, "PUT", "db/0")).isEqualTo(got);
      assertThat(body(service, "PUT", "db/0")).isEqualTo(got);
    }
    try (AddressService service = new AddressService(store)) {
      assertThat(body(service, "PUT", "db/1")).contains("10.0.16.2/32\n", ":d139:2::/80\n");
      assertThat(body(service, "DELETE", "db/0")).isEqualTo("2 released\n");
      assertThat(body(service, "DELETE", "db/0")).isEqualTo("0 released\n");
      assertThat(body(service, "PUT", "web/0")).isEqualTo(got);
      assertThat(send(service, "PUT", "").join().statusCode()).isEqualTo(400);
    }
  }

  @Test
  void many_at_once_get_different_ones() throws Exception {
    try (AddressService service = new AddressService("memory:")) {
      List<CompletableFuture<HttpResponse<String>>> asked =
          IntStream.range(0, 200).mapToObj(i -> send(service, "PUT", "m/" + i)).toList();
      Set<String> lines = new HashSet<>();
      asked.forEach(each -> lines.addAll(each.join().body().lines().toList()));

      assertThat(lines).hasSize(400);
    }
  }

  @Test
  void the_readme_shows_it_as_it_is() throws Exception {
    String code =
        Files.readString(Path.of("src/test/java/io/dualstack/impl/example/AddressService.java"));

    assertThat(Files.readString(Path.of("README.md")))
        .contains("```java\n" + code.replaceFirst("(?s)^package .*?\n\n", "") + "```\n");
    // Nothing of the implementation: it would not be there for others.
    assertThat(Pattern.compile("import io\\.dualstack\\.impl").matcher(code).find()).isFalse();
  }
}
