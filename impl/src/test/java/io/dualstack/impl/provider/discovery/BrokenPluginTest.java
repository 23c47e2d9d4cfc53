package io.dualstack.impl.provider.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.provider.DiscoveredProvider;
import io.dualstack.provider.DiscoveredProvider.Broken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A plugin that can't be used is named with its jar, and keeps nobody else from working. */
class BrokenPluginTest extends DiscoveryFixture {
  private static final String CLASS = "acme.Aws";

  @BeforeEach
  void beside_a_good_one() {
    plugin("good", "good");
  }

  private Broken onlyBroken() {
    List<DiscoveredProvider> all = discovery().discovered();

    assertThat(usable(all)).containsExactly("good");
    assertThat(broken(all)).hasSize(1);
    return broken(all).get(0);
  }

  private static ProviderSource source() {
    return ProviderSource.of(CLASS, "aws");
  }

  @Test
  void its_constructor_throws() {
    Path jar =
        plugin(
            "aws",
            source().constructor("throw new IllegalStateException(\"no credentials\");"),
            CLASS);

    assertThat(onlyBroken())
        .isEqualTo(
            new Broken(
                CLASS,
                jar.toString(),
                "the constructor of acme.Aws fails: java.lang.IllegalStateException: no"
                    + " credentials; ask its maker for a working build"));
  }

  @Test
  void its_class_does_not_initialize() {
    Path jar =
        jar("aws", "aws.jar")
            .source(
                CLASS,
                source()
                    .text()
                    .replaceFirst("\\{\n", "{ static final int X = Integer.parseInt(\"x\");\n"))
            .service(CLASS)
            .build();

    assertThat(onlyBroken().origin()).isEqualTo(jar.toString());
    assertThat(onlyBroken().reason()).contains("NumberFormatException");
  }

  @Test
  void it_needs_a_class_that_is_not_there() {
    Path library =
        JarBuilder.jar(temp.resolve("elsewhere/sdk.jar"))
            .source("cloud.Sdk", "package cloud; public class Sdk {}")
            .build();
    Path jar =
        jar("aws", "aws.jar")
            .against(library)
            .source(CLASS, source().constructor("new cloud.Sdk();").text())
            .service(CLASS)
            .build();

    assertThat(onlyBroken())
        .isEqualTo(
            new Broken(
                CLASS,
                jar.toString(),
                "needs the class cloud.Sdk, which is not there; put the jar that has it into "
                    + jar.getParent()));
  }

  @Test
  void its_service_file_names_a_class_that_is_not_there() {
    Path jar = jar("aws", "aws.jar").service(CLASS).build();

    assertThat(onlyBroken().origin()).isEqualTo(jar.toString());
    assertThat(onlyBroken().reason())
        .isEqualTo(
            "names the class acme.Aws, which is not there; put the jar that has it into "
                + jar.getParent());
  }

  @Test
  void its_class_is_no_provider() {
    Path jar =
        jar("aws", "aws.jar")
            .source(CLASS, "package acme; public class Aws {}")
            .service(CLASS)
            .build();

    assertThat(onlyBroken().origin()).isEqualTo(jar.toString());
    assertThat(onlyBroken().reason())
        .startsWith("acme.Aws is no io.dualstack.provider.NetworkProvider");
  }

  @Test
  void its_constructor_wants_something() {
    Path jar =
        jar("aws", "aws.jar")
            .source(CLASS, source().text().replace("public Aws()", "public Aws(String region)"))
            .service(CLASS)
            .build();

    assertThat(onlyBroken().origin()).isEqualTo(jar.toString());
    assertThat(onlyBroken().reason())
        .startsWith("acme.Aws is no public class with a public constructor without parameters");
  }

  @Test
  void no_jar_has_a_service_file() {
    Path jar = jar("aws", "aws.jar").source(CLASS, source().text()).build();

    assertThat(onlyBroken())
        .isEqualTo(
            new Broken(
                "aws",
                jar.getParent().toString(),
                "has no jar with the file META-INF/services/io.dualstack.provider.NetworkProvider;"
                    + " put the provider's own jar there"));
  }

  @Test
  void its_folder_is_empty() throws Exception {
    Path folder = Files.createDirectories(plugins().resolve("aws"));

    assertThat(onlyBroken())
        .isEqualTo(
            new Broken(
                "aws",
                folder.toString(),
                "has no jar; put the plugin's jars into it, or remove it"));
  }

  @Test
  void one_of_its_jars_is_corrupt() throws Exception {
    Path jar = plugin("aws", source(), CLASS);
    Path corrupt = jar.resolveSibling("sdk.jar");
    byte[] whole = Files.readAllBytes(jar);
    Files.write(corrupt, Arrays.copyOf(whole, whole.length / 2));

    assertThat(onlyBroken().name()).isEqualTo("aws");
    assertThat(onlyBroken().origin()).isEqualTo(corrupt.toString());
    assertThat(onlyBroken().reason())
        .startsWith("can't be read as a jar: ")
        .endsWith("; copy it anew");
  }

  @Test
  void its_jar_is_empty() throws Exception {
    Path jar = Files.createDirectories(plugins().resolve("aws")).resolve("aws.jar");
    Files.createFile(jar);

    assertThat(onlyBroken().origin()).isEqualTo(jar.toString());
  }

  @Test
  void it_was_built_for_a_newer_api() {
    Path jar = plugin("aws", source().version("2"), CLASS);

    assertThat(onlyBroken())
        .isEqualTo(
            new Broken(
                "aws",
                jar.toString(),
                "was built for api 2, this is api 1; put a build for api 1 into %s, or upgrade Dualstack"
                    .formatted(jar.getParent())));
  }

  @Test
  void it_was_built_for_an_older_api() {
    Path jar = plugin("aws", source().version("0"), CLASS);

    assertThat(onlyBroken().reason())
        .isEqualTo(
            "was built for api 0, this is api 1; put a build for api 1 into " + jar.getParent());
  }

  @Test
  void it_was_built_for_an_api_that_had_less() {
    Path api =
        JarBuilder.jar(temp.resolve("elsewhere/api.jar"))
            .withoutHost()
            .source(
                "io.dualstack.provider.NetworkProvider",
                "package io.dualstack.provider; public interface NetworkProvider { String name(); }")
            .build();
    Path jar =
        jar("aws", "aws.jar")
            .withoutHost()
            .against(api)
            .source(
                CLASS,
                "package acme; public class Aws implements io.dualstack.provider.NetworkProvider {"
                    + " public String name() { return \"aws\"; } }")
            .service(CLASS)
            .build();

    assertThat(onlyBroken().origin()).isEqualTo(jar.toString());
    assertThat(onlyBroken().reason())
        .startsWith("doesn't fit this api, 1, or a library beside it: ")
        .contains("AbstractMethodError", "apiVersion")
        .endsWith("put a build for api 1 into " + jar.getParent());
  }

  @Test
  void it_was_built_for_an_api_that_had_more() {
    Path api =
        JarBuilder.jar(temp.resolve("elsewhere/api.jar"))
            .withoutHost()
            .source(
                "io.dualstack.provider.NetworkProvider",
                "package io.dualstack.provider; public interface NetworkProvider {"
                    + " static int newest() { return 2; } }")
            .build();
    Path jar =
        jar("aws", "aws.jar")
            .withoutHost()
            .against(api)
            .source(
                CLASS,
                "package acme; public class Aws implements io.dualstack.provider.NetworkProvider {"
                    + " public int apiVersion() {"
                    + " return io.dualstack.provider.NetworkProvider.newest(); } }")
            .service(CLASS)
            .build();

    assertThat(onlyBroken().origin()).isEqualTo(jar.toString());
    assertThat(onlyBroken().reason()).contains("NoSuchMethodError");
  }

  @Test
  void it_was_compiled_for_a_newer_java() {
    Path jar =
        jar("aws", "aws.jar")
            .source(CLASS, source().text())
            .service(CLASS)
            .classFileVersion(44 + 99)
            .build();

    assertThat(onlyBroken().origin()).isEqualTo(jar.toString());
    assertThat(onlyBroken().reason())
        .isEqualTo(
            "needs Java 99, this is Java %d; use the newer Java, or put a build for this one into %s"
                .formatted(Runtime.version().feature(), jar.getParent()));
  }

  @Test
  void its_name_is_none() {
    plugin("aws", source().name("\"Amazon Web Services\""), CLASS);

    assertThat(onlyBroken().reason())
        .startsWith("calls itself \"Amazon Web Services\", which is no name of a provider");
  }

  @Test
  void it_has_no_name_at_all() {
    plugin("aws", source().name("null"), CLASS);

    assertThat(onlyBroken().name()).isEqualTo(CLASS);
    assertThat(onlyBroken().reason()).startsWith("calls itself \"null\"");
  }

  @Test
  void it_throws_when_asked_for_its_name() {
    plugin("aws", source().name("String.valueOf(1 / 0)"), CLASS);

    assertThat(onlyBroken().reason())
        .startsWith("fails when it is asked who it is: java.lang.ArithmeticException");
  }

  @Test
  void it_has_no_capabilities() {
    plugin("aws", source().capabilities("null"), CLASS);

    assertThat(onlyBroken().reason()).startsWith("tells no capabilities");
  }

  @Test
  void its_jar_lies_beside_the_folders() {
    Path jar =
        JarBuilder.jar(plugins().resolve("aws.jar"))
            .source(CLASS, source().text())
            .service(CLASS)
            .build();

    assertThat(onlyBroken())
        .isEqualTo(
            new Broken(
                "aws",
                jar.toString(),
                "lies beside the plugins' folders; put it into one of its own, such as "
                    + plugins().resolve("aws")));
  }

  @Test
  void the_directory_is_not_there() {
    Path missing = temp.resolve("missing");

    assertThat(broken(discovery(EMPTY_HOST, missing).discovered()))
        .containsExactly(
            new Broken(
                "missing",
                missing.toString(),
                "is not there; create it, or leave it out of the plugin directories"));
  }

  @Test
  void the_directory_is_a_file() throws Exception {
    Path file = Files.createFile(temp.resolve("file"));

    assertThat(broken(discovery(EMPTY_HOST, file).discovered()))
        .containsExactly(
            new Broken(
                "file", file.toString(), "is no directory; name one with a folder per plugin"));
  }
}
