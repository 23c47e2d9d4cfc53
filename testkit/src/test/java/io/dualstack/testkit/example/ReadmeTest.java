package io.dualstack.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** This module's README shows the examples as they are. */
class ReadmeTest {

  @ParameterizedTest
  @ValueSource(strings = {"FolderProvider", "FolderProviderTest", "MyPluginIT"})
  void shows_an_example_as_it_is(String name) throws IOException {
    String code =
        Files.readString(Path.of("src/test/java/io/dualstack/testkit/example/" + name + ".java"));

    assertThat(Files.readString(Path.of("README.md")))
        .contains("```java\n" + code.replaceFirst("(?s)^package .*?\n\n", "") + "```\n");
  }
}
