package io.dualstack.impl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody is told who mistypes. */
class SlipsTest {

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void a_command_that_is_almost_one_is_suggested() {
    assertThat(run("aply")).isEqualTo(2);

    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "error: Unmatched argument at index 0: 'aply'"
                + "Did you mean: dualstack apply or dualstack plan?"
                + "'dualstack --help' says more.");
  }

  @Test
  void an_option_that_is_missing_is_named_with_the_usage_and_no_more() {
    assertThat(run("store", "copy", "--to", "memory:")).isEqualTo(2);

    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "error: Missing required option: '--from=URL'"
                + "Usage: dualstack store copy [-hV] [--json] --from=URL --to=URL"
                + "'dualstack store copy --help' says more.");
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "show",
        "usage",
        "fsck",
        "drift --deployment cf",
        "release --deployment cf",
        "report --out report.html"
      })
  void a_store_that_is_named_and_not_there_is_no_empty_one(String command) {
    Path file = folder.resolve("ips.db");

    assertThat(run((command + " --store sqlite:" + file).split(" "))).isEqualTo(1);

    assertThat(err.toString())
        .contains("--store: sqlite:" + file + ": there is no such file; check the path");
    assertThat(file).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.300, 300 is over 255",
    "10.0.0, 3 numbers instead of four",
    "2001:db8::1::2, '2001:db8::1::2'",
    "2001:db8::/80, prefix"
  })
  void what_is_almost_an_address_is_no_owner(String subject, String words) {
    assertThat(run("show", subject)).isEqualTo(2);

    assertThat(err.toString()).startsWith("error: ").contains(words.replace("'", ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cf", "cf/diego_cell/0", "cf-1.2", "v1.2.3"})
  void an_owner_is_no_address(String subject) throws Exception {
    Path file = folder.resolve("ips.db");
    assertThat(run("show", "--store", "memory:", subject)).isZero();

    assertThat(out.toString()).contains("Nothing is held by " + subject + ".");
    assertThat(Files.exists(file)).isFalse();
  }

  @Test
  void a_file_of_routes_that_is_refused_is_named() throws Exception {
    Path file = Files.writeString(folder.resolve("routes.json"), "{bad");

    assertThat(run("routes", "render", "--routes", file.toString())).isEqualTo(1);

    assertThat(err.toString()).startsWith(file + ": error: is no JSON: ");
  }
}
