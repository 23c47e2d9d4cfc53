package io.dualstack.impl.provider.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.ProviderNotFoundException;
import io.dualstack.provider.DiscoveredProvider;
import io.dualstack.provider.DiscoveredProvider.Broken;
import io.dualstack.provider.DiscoveredProvider.Usable;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is found where, and what is said when it isn't. */
class ProviderDiscoveryTest extends DiscoveryFixture {

  @Test
  void without_any_provider_it_says_so_and_what_to_do() {
    ProviderDiscovery nothing = discovery(EMPTY_HOST);

    assertThat(nothing.discovered()).isEmpty();
    assertThatThrownBy(() -> nothing.byName("aws"))
        .isInstanceOfSatisfying(
            ProviderNotFoundException.class, e -> assertThat(e.providerName()).isEqualTo("aws"))
        .hasMessage(
            "no network provider \"aws\". Found: none. Put its jar on the class path, or its jars"
                + " into a folder in a plugin directory.");
  }

  @Test
  void the_local_provider_is_built_in() {
    try (ProviderDiscovery discovery = new ProviderDiscovery(List.of())) {
      assertThat(discovery.byName("local").name()).isEqualTo("local");
      assertThat(discovery.discovered())
          .hasSize(1)
          .extracting(DiscoveredProvider::origin)
          .containsExactly("built in");
    }
  }

  @Test
  void plugins_are_listed_by_name_with_their_jars() throws Exception {
    Path second = plugin("a", "zeta");
    Path first = plugin("b", "alpha");
    Files.writeString(plugins().resolve("README.txt"), "not a plugin");
    Files.createDirectories(plugins().resolve(".git"));

    ProviderDiscovery discovery = discovery();

    assertThat(usable(discovery.discovered())).containsExactly("alpha", "zeta");
    assertThat(discovery.discovered())
        .extracting(DiscoveredProvider::origin)
        .containsExactly(first.toString(), second.toString());
    assertThat(discovery.byName("zeta").name()).isEqualTo("zeta");
  }

  @Test
  void one_jar_can_bring_several_providers() {
    jar("pair", "pair.jar")
        .source("acme.One", ProviderSource.of("acme.One", "one").text())
        .source("acme.Two", ProviderSource.of("acme.Two", "two").text())
        .service("acme.One # first\n\nacme.Two\nacme.One")
        .build();

    assertThat(usable(discovery().discovered())).containsExactly("one", "two");
  }

  @Test
  void a_name_that_is_not_there_lists_what_is_found_and_what_is_broken_with_origins() {
    Path gcp = plugin("gcp", "gcp");
    Path aws =
        plugin("aws", ProviderSource.of("acme.Aws", "aws").version("API_VERSION + 1"), "acme.Aws");

    assertThatThrownBy(() -> discovery().byName("aws"))
        .hasMessage(
            "can't use network provider \"aws\". Found: gcp (%s). Broken: aws: %s was built for api 2, this is api 1; put a build for api 1 into %s, or upgrade Dualstack."
                .formatted(gcp, aws, aws.getParent()));
    assertThatThrownBy(() -> discovery().byName("azure"))
        .hasMessageStartingWith("no network provider \"azure\". Found: gcp (")
        .hasMessageContaining(aws.toString())
        .hasMessageEndingWith("into a folder in " + plugins() + ".");
  }

  @Test
  void a_name_in_the_wrong_case_is_told_the_right_one() {
    plugin("aws", "aws");

    assertThatThrownBy(() -> discovery().byName("AWS"))
        .isInstanceOf(ProviderNotFoundException.class)
        .hasMessageEndingWith("Did you mean \"aws\"?");
  }

  // Two of one name

  @Test
  void two_plugins_of_one_name_are_both_refused_naming_both_jars() {
    Path first = plugin("first", "aws");
    Path second = plugin("second", "aws");
    plugin("third", "gcp");

    ProviderDiscovery discovery = discovery();

    assertThat(usable(discovery.discovered())).containsExactly("gcp");
    assertThat(broken(discovery.discovered()))
        .containsExactly(
            new Broken(
                "aws",
                first.toString(),
                "has the same name as another one (" + second + "); remove one of them"),
            new Broken(
                "aws",
                second.toString(),
                "has the same name as another one (" + first + "); remove one of them"));
    assertThatThrownBy(() -> discovery.byName("aws"))
        .isInstanceOf(ProviderNotFoundException.class)
        .hasMessageStartingWith("can't use network provider \"aws\". Found: gcp (")
        .hasMessageContaining(first.toString())
        .hasMessageContaining(second.toString());
  }

  @Test
  void a_plugin_with_the_name_of_a_built_in_one_is_no_replacement() {
    Path plugin = plugin("mine", "local");
    ProviderDiscovery discovery = discovery(ProviderDiscovery.class.getClassLoader(), plugins());

    assertThatThrownBy(() -> discovery.byName("local"))
        .isInstanceOf(ProviderNotFoundException.class)
        .hasMessageContaining("built in has the same name as another one (" + plugin + ")");
  }

  @Test
  void a_plugin_for_another_api_still_has_its_name() {
    plugin("new", ProviderSource.of("acme.New", "aws").version("2"), "acme.New");
    plugin("old", "aws");

    assertThat(usable(discovery().discovered())).isEmpty();
  }

  @Test
  void a_broken_plugin_without_a_name_takes_none_from_others() throws Exception {
    plugin("good", "aws");
    Files.createDirectories(plugins().resolve("aws"));

    assertThat(discovery().byName("aws").name()).isEqualTo("aws");
  }

  @Test
  void a_directory_that_is_named_twice_is_read_once() {
    plugin("aws", "aws");
    Path again = plugins().resolve("..").resolve("plugins");

    assertThat(usable(discovery(EMPTY_HOST, plugins(), again).discovered())).containsExactly("aws");
  }

  // The class path

  @Test
  void on_the_class_path_a_broken_provider_is_named_with_its_jar_and_others_work()
      throws Exception {
    Path good =
        JarBuilder.jar(temp.resolve("lib/good.jar"))
            .source("acme.Good", ProviderSource.of("acme.Good", "good").text())
            .service("acme.Good")
            .build();
    Path bad =
        JarBuilder.jar(temp.resolve("lib/bad.jar"))
            .source(
                "acme.Bad",
                ProviderSource.of("acme.Bad", "bad")
                    .constructor("throw new IllegalStateException(\"boom\");")
                    .text())
            .service("acme.Bad\nacme.Missing")
            .build();
    URL[] classPath = {bad.toUri().toURL(), good.toUri().toURL(), bad.toUri().toURL()};
    try (URLClassLoader host = new URLClassLoader(classPath, EMPTY_HOST)) {
      List<DiscoveredProvider> all = discovery(host).discovered();

      assertThat(all)
          .filteredOn(Usable.class::isInstance)
          .extracting(DiscoveredProvider::origin)
          .containsExactly(good.toString());
      assertThat(broken(all))
          .containsExactly(
              new Broken(
                  "acme.Bad",
                  bad.toString(),
                  "the constructor of acme.Bad fails: java.lang.IllegalStateException: boom; ask"
                      + " its maker for a working build"),
              new Broken(
                  "acme.Missing",
                  bad.toString(),
                  "names the class acme.Missing, which is not there; put the jar that has it on the"
                      + " class path"));
    }
  }

  @Test
  void on_the_class_path_a_folder_of_classes_is_an_origin_too() throws Exception {
    Path services = temp.resolve("classes/META-INF/services");
    Files.createDirectories(services);
    Files.writeString(services.resolve("io.dualstack.provider.NetworkProvider"), "acme.Missing\n");
    URL[] classPath = {temp.resolve("classes").toUri().toURL()};
    try (URLClassLoader host = new URLClassLoader(classPath, EMPTY_HOST)) {
      assertThat(broken(discovery(host).discovered()))
          .extracting(Broken::origin)
          .containsExactly(temp.resolve("classes").toString());
    }
  }

  // When it looks

  @Test
  void looks_when_first_asked_and_not_again() {
    ProviderDiscovery discovery = discovery();
    plugin("aws", "aws");

    List<DiscoveredProvider> first = discovery.discovered();
    plugin("gcp", "gcp");

    assertThat(usable(first)).containsExactly("aws");
    assertThat(discovery.discovered()).isEqualTo(first);
  }

  @Test
  void many_threads_see_the_same_providers() throws Exception {
    plugin("aws", "aws");
    ProviderDiscovery discovery = discovery();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Object>> calls =
          Stream.generate(() -> (Callable<Object>) () -> discovery.byName("aws")).limit(8).toList();
      List<Object> seen = new ArrayList<>();
      for (Future<Object> call : threads.invokeAll(calls)) {
        seen.add(call.get());
      }

      assertThat(seen).hasSize(8).allSatisfy(one -> assertThat(one).isSameAs(seen.get(0)));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void closing_closes_the_plugins_class_loaders() {
    String later = "acme.Later";
    jar("aws", "aws.jar")
        .source(later, "package acme; public class Later {}")
        .source(
            "acme.Aws",
            ProviderSource.of("acme.Aws", "aws").open("new Later(); return null;").text())
        .service("acme.Aws")
        .build();
    ProviderDiscovery discovery = discovery();
    var provider = discovery.byName("aws");

    discovery.close();
    discovery.close();

    assertThatThrownBy(discovery::discovered).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> provider.open(null)).hasMessageContaining(later.replace('.', '/'));
  }
}
