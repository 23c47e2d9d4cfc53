package io.dualstack.impl.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whoever builds a dashboard reads the README. */
class MeterNamesTest {
  private static final Pattern TABLE =
      Pattern.compile("\\| name \\| kind \\| labels \\| meaning \\|\n\\|---.*\n((\\|.*\n)+)");
  private static final Pattern NAME = Pattern.compile("`(\\w+)`");

  @Test
  void the_readme_has_every_name_and_no_other() throws Exception {
    Matcher table = TABLE.matcher(Files.readString(Path.of("..", "README.md")));
    assertThat(table.find()).isTrue();
    List<String> documented = new ArrayList<>();
    for (String line : table.group(1).split("\n", -1)) {
      if (line.isEmpty()) {
        continue;
      }
      Matcher name = NAME.matcher(line.split("\\|", -1)[1]);
      while (name.find()) {
        documented.add(name.group(1));
      }
    }
    List<String> told = new ArrayList<>();
    for (Field constant : MeterNames.class.getDeclaredFields()) {
      if (constant.getType() == String.class) {
        told.add(String.valueOf(constant.get(null)));
      }
    }

    assertThat(documented).containsExactlyInAnyOrderElementsOf(told);
  }
}
