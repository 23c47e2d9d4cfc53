package io.dualstack.impl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.config.ConfigKeys;
import io.dualstack.impl.config.ConfigKeys.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The README's tables of keys are those of the code. */
class ReadmeReferenceTest {

  private static final Path README = Path.of("..", "README.md");

  private static final Pattern TABLE =
      Pattern.compile("<!-- keys of ([a-z -]+) -->\n(.*?)<!-- end -->\n", Pattern.DOTALL);

  /** Two commands that read the same file have one table. */
  private static final Set<String> SHOWN_ELSEWHERE = Set.of("cell teardown", "trace");

  @Test
  void every_table_of_keys_is_the_codes_own() throws IOException {
    String readme = Files.readString(README);

    String now = TABLE.matcher(readme).replaceAll(found -> Matcher.quoteReplacement(made(found)));

    if (!now.equals(readme) && System.getProperty("golden.update") != null) {
      Files.writeString(README, now);
    }
    assertThat(readme).isEqualTo(now);
    Set<String> shown =
        TABLE.matcher(readme).results().map(found -> found.group(1)).collect(Collectors.toSet());
    Set<String> known = new HashSet<>(ConfigFiles.ALL.keySet());
    known.removeAll(SHOWN_ELSEWHERE);
    assertThat(shown).isEqualTo(known);
  }

  private static String made(MatchResult found) {
    return "<!-- keys of %s -->\n%s<!-- end -->\n"
        .formatted(found.group(1), table(ConfigFiles.of(found.group(1)).orElseThrow().keys()));
  }

  private static String table(ConfigKeys keys) {
    StringBuilder table = new StringBuilder("\n| key | meaning | default |\n|---|---|---|\n");
    for (Row row : keys.rows()) {
      table.append(
          "| %s | %s | %s |\n"
              .formatted(
                  row.names().stream().collect(Collectors.joining("`, `", "`", "`")),
                  row.meaning(),
                  row.otherwise()));
    }
    return table.append("\n").toString();
  }
}
