package io.dualstack.spi.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.testkit.cloud.FakeRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The golden files of what is asked of EC2, and what they say of any request: it is known by the
 * service's models, and every parameter that it has, and every filter, is in one of the files.
 */
final class RecordedRequests {
  static final Path FILES = Path.of("src", "test", "resources", "requests");

  private static final Set<String> PARTS = partsOfFiles();

  private RecordedRequests() {}

  /** The parameters of a request, without what all requests have. */
  static Map<String, String> parameters(FakeRequest request) {
    Map<String, String> parameters = new TreeMap<>();
    request.form().forEach((name, values) -> parameters.put(name, values.get(0)));
    parameters.remove("Action");
    assertThat(parameters.remove("Version")).isEqualTo("2016-11-15");
    return parameters;
  }

  static String action(FakeRequest request) {
    return request.form().get("Action").get(0);
  }

  /** Checks requests against the models. */
  static void assertInModel(List<FakeRequest> requests) {
    for (FakeRequest request : requests) {
      assertThat(SdkModel.findings(action(request), parameters(request))).isEmpty();
      if (BotocoreModel.isThere()) {
        assertThat(
                BotocoreModel.of(BotocoreModel.EC2).findings(action(request), parameters(request)))
            .isEmpty();
      }
    }
  }

  /** Checks that the golden files have requests of all these kinds. */
  static void assertRecorded(List<FakeRequest> requests) {
    Set<String> parts = new TreeSet<>();
    for (FakeRequest request : requests) {
      parts.add(action(request));
      parameters(request).forEach((name, value) -> parts.add(part(action(request), name, value)));
    }
    assertThat(PARTS).as("what %s show of requests", FILES).containsAll(parts);
  }

  private static String part(String action, String name, String value) {
    String kind = name.replaceAll("\\.[0-9]+", ".N");
    return action + " " + (kind.equals("Filter.N.Name") ? kind + " " + value : kind);
  }

  private static Set<String> partsOfFiles() {
    Set<String> parts = new TreeSet<>();
    try (Stream<Path> files = Files.list(FILES)) {
      for (Path file : files.toList()) {
        String action = "";
        for (String line : Files.readAllLines(file)) {
          if (line.startsWith("  ")) {
            String[] words = line.strip().split(" = ", 2);
            parts.add(part(action, words[0], words[1]));
          } else {
            action = line;
            parts.add(action);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return parts;
  }
}
