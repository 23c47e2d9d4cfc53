package io.dualstack.impl.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenFilesTest {

  @TempDir Path directory;

  @BeforeEach
  void one_golden_file() throws IOException {
    Files.writeString(directory.resolve("a.txt"), "one\ntwo\nthree\n");
  }

  @Test
  void accepts_what_is_the_same() {
    assertThatCode(() -> files(false).assertMatch(Map.of("a.txt", "one\ntwo\nthree\n")))
        .doesNotThrowAnyException();
  }

  @Test
  void shows_the_lines_that_differ() {
    assertThatThrownBy(() -> files(false).assertMatch(Map.of("a.txt", "one\n2\nthree\n")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("a.txt\n  one\n- two\n+ 2\n  three\n");
  }

  @Test
  void shows_blanks_and_a_missing_line_feed() {
    assertThatThrownBy(() -> files(false).assertMatch(Map.of("a.txt", "one \ntwo\nthree")))
        .hasMessageContaining("+ one <- blanks\n")
        .hasMessageContaining("+ three<- no line feed\n");
  }

  @Test
  void misses_a_file_and_refuses_one_too_many() {
    assertThatThrownBy(() -> files(false).assertMatch(Map.of("b.txt", "x\n")))
        .hasMessageContaining("a.txt is gone")
        .hasMessageContaining("b.txt is new\n+ x\n");
  }

  @Test
  void changes_nothing_unless_asked() throws IOException {
    assertThatThrownBy(() -> files(false).assertMatch(Map.of("a.txt", "other\n")))
        .isInstanceOf(AssertionError.class);

    assertThat(Files.readString(directory.resolve("a.txt"))).isEqualTo("one\ntwo\nthree\n");
  }

  @Test
  void fails_also_when_it_writes_the_files_anew() throws IOException {
    assertThatThrownBy(() -> files(true).assertMatch(Map.of("b.txt", "other\n")))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("written anew")
        .hasMessageContaining("+ other");

    assertThat(Files.readString(directory.resolve("b.txt"))).isEqualTo("other\n");
    assertThat(directory.resolve("a.txt")).doesNotExist();
  }

  private GoldenFiles files(boolean update) {
    return new GoldenFiles(directory, update);
  }
}
