package io.dualstack.impl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's examples are real: they compile as they stand there, and do what they say. */
class ReadmeExampleTest {

  private static final Path README = Path.of("..", "README.md");
  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder;

  @Test
  void the_embedding_example_compiles_and_prints_the_first_blocks() throws Exception {
    assertThat(run("Example"))
        .isEqualTo("cells 10.0.16.2/32\ncells_v6 2001:db8:4e04:d139:1::/80\n");
  }

  @Test
  void the_example_of_meters_compiles_and_prints_what_they_say() throws Exception {
    // One allocation; one of 65,534 blocks is taken; a subnet never fills by what is known so far.
    assertThat(run("Metered")).isEqualTo("1\n65533.0\nInfinity\n");
  }

  private String run(String name) throws Exception {
    compile(name);
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    try (URLClassLoader loader =
            new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, ReadmeExampleTest.class.getClassLoader());
        PrintStream captured = new PrintStream(printed, true, UTF_8)) {
      System.setOut(captured);
      loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
    }
    return printed.toString(UTF_8);
  }

  private void compile(String name) throws IOException {
    String text =
        EXAMPLE
            .matcher(Files.readString(README))
            .results()
            .map(example -> example.group(1))
            .filter(example -> example.contains("public class " + name + " {"))
            .findFirst()
            .orElseThrow();
    Path source = Files.writeString(folder.resolve(name + ".java"), text);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    ByteArrayOutputStream complaints = new ByteArrayOutputStream();

    int result =
        compiler.run(
            null,
            complaints,
            complaints,
            "-proc:none",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            folder.toString(),
            source.toString());

    assertThat(result).as(complaints.toString(UTF_8)).isZero();
  }
}
