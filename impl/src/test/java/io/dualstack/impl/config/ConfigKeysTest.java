package io.dualstack.impl.config;

import static io.dualstack.impl.config.ConfigKeys.REQUIRED;
import static io.dualstack.impl.config.ConfigKeys.ignored;
import static io.dualstack.impl.config.ConfigKeys.keys;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.dualstack.Diagnostic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigKeysTest {

  private static final ConfigKeys KEYS =
      ConfigKeys.of(
          keys("name", "who it is", REQUIRED),
          keys("tls.cert, tls.key", "what it shows", "none"),
          keys("routes[].port", "where it listens", REQUIRED),
          ignored("log_level"));

  @TempDir private Path folder;

  private JsonConfig config(String json) throws IOException {
    return JsonConfig.read(Files.writeString(folder.resolve("config.json"), json), KEYS);
  }

  @Test
  void keys_that_a_file_may_not_have_are_warned_about_wherever_they_are() throws IOException {
    JsonConfig config =
        config(
            """
            {"name": "a", "nam": "b", "log_level": "info", "port": 1, "cert": "c",
             "tls": {"cert": "c", "ca": "d"}, "routes": [{"port": 1}, {"port": 2, "tls.cert": "x"}]}
            """);
    assertThat(config.object("tls")).isPresent();
    assertThat(config.objects("routes")).hasSize(2);

    assertThat(config.warnings())
        .extracting(Diagnostic::path)
        .containsExactly("/nam", "/port", "/cert", "/tls/ca", "/routes/1/tls.cert");
  }

  @Test
  void a_key_that_is_declared_and_not_asked_for_is_no_fault_of_the_file() throws IOException {
    assertThat(config("{\"name\": \"a\", \"log_level\": 3}").warnings()).isEmpty();
  }

  @Test
  void a_reader_that_asks_for_what_is_not_declared_is_refused() throws IOException {
    JsonConfig config = config("{\"tls\": {}, \"port\": 3}");

    assertThatIllegalStateException()
        .isThrownBy(() -> config.optionalText("port"))
        .withMessage("port: is asked for and not declared");
    assertThatIllegalStateException()
        .isThrownBy(() -> config.object("tls").orElseThrow().text("name"))
        .withMessage("tls.name: is asked for and not declared");
  }

  @Test
  void no_key_is_declared_twice() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConfigKeys.of(keys("a, b", "one", ""), keys("b", "another", "")))
        .withMessage("b: is declared twice");
    assertThat(KEYS.rows().get(1).names()).isEqualTo(List.of("tls.cert", "tls.key"));
  }
}
