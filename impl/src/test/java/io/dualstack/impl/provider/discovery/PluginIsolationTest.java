package io.dualstack.impl.provider.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.provider.ProviderSession;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** A plugin sees the API, SLF4J, the JDK and itself, and no plugin sees another. */
class PluginIsolationTest extends DiscoveryFixture {
  private static final ClassLoader HOST = PluginIsolationTest.class.getClassLoader();
  private static final String CLASS = "acme.Aws";

  @Test
  void two_plugins_have_each_their_own_version_of_a_library() {
    plugin(
        "one",
        "one.Provider",
        "old",
        "package lib; public class Greeting {"
            + " public static String hello() { return \"hello-from-old\"; } }",
        "lib.Greeting.hello()");
    plugin(
        "two",
        "two.Provider",
        "new",
        "package lib; public class Greeting {"
            + " public static String hello(String who) { return \"hello-\" + who; } }",
        "lib.Greeting.hello(\"new\")");

    ProviderDiscovery discovery = discovery();

    assertThat(usable(discovery.discovered())).containsExactly("hello-from-old", "hello-new");
  }

  private void plugin(
      String folder, String className, String version, String library, String name) {
    Path lib = jar(folder, "lib-" + version + ".jar").source("lib.Greeting", library).build();
    jar(folder, folder + ".jar")
        .against(lib)
        .source(className, ProviderSource.of(className, "").name(name).text())
        .service(className)
        .build();
  }

  @Test
  void a_plugin_sees_no_class_of_the_host_but_the_api_and_slf4j() {
    List<String> hidden =
        List.of(
            ProviderDiscovery.class.getName(),
            "com.google.common.collect.ImmutableList",
            "com.fasterxml.jackson.databind.ObjectMapper",
            "org.snakeyaml.engine.v2.api.Load",
            "inet.ipaddr.IPAddress",
            "org.jspecify.annotations.Nullable",
            "org.junit.jupiter.api.Test");
    assertThat(hidden).allSatisfy(name -> assertThat(Class.forName(name, false, HOST)).isNotNull());
    String tried = hidden.stream().map(name -> '"' + name + '"').collect(Collectors.joining(","));
    plugin(
        "aws",
        ProviderSource.of(CLASS, "aws")
            .open(
                """
                StringBuilder seen = new StringBuilder("seen:");
                for (String name : new String[] {%s}) {
                  for (ClassLoader loader : new ClassLoader[] {
                      getClass().getClassLoader(), Thread.currentThread().getContextClassLoader()}) {
                    try {
                      Class.forName(name, false, loader);
                      seen.append(' ').append(name);
                    } catch (ClassNotFoundException e) {
                      // as it should be
                    }
                  }
                }
                throw new IllegalStateException(seen.toString());
                """
                    .formatted(tried)),
        CLASS);

    assertThatThrownBy(() -> discovery(HOST, plugins()).byName("aws").open(null))
        .hasMessage("seen:");
  }

  @Test
  void a_plugin_logs_through_the_hosts_slf4j_and_uses_the_jdk() {
    plugin(
        "aws",
        ProviderSource.of(CLASS, "aws")
            .open(
                """
                org.slf4j.LoggerFactory.getLogger(getClass()).atDebug().addKeyValue("a", 1).log("b");
                java.sql.Types.class.getName();
                java.net.http.HttpClient.newHttpClient();
                throw new IllegalStateException(
                    org.slf4j.Logger.class.getClassLoader() + " "
                        + NetworkProvider.class.getClassLoader());
                """),
        CLASS);

    assertThatThrownBy(() -> discovery().byName("aws").open(null))
        .hasMessage(Logger.class.getClassLoader() + " " + NetworkProvider.class.getClassLoader());
  }

  @Test
  void a_plugin_finds_its_own_resources_and_service_files_and_none_of_the_hosts() {
    jar("aws", "aws.jar")
        .source(
            CLASS,
            ProviderSource.of(CLASS, "aws")
                .open(
                    """
                    ClassLoader mine = getClass().getClassLoader();
                    try {
                      throw new IllegalStateException(
                          java.util.Collections.list(mine.getResources(
                              "META-INF/services/io.dualstack.provider.NetworkProvider")).size()
                          + " " + java.util.Collections.list(mine.getResources(
                              "META-INF/services/org.junit.platform.engine.TestEngine")).size()
                          + " " + mine.getResource("META-INF/services/org.slf4j.spi.SLF4JServiceProvider")
                          + " " + (mine.getResource("acme/own.txt") != null));
                    } catch (java.io.IOException e) {
                      throw new IllegalStateException(e);
                    }
                    """)
                .text())
        .service(CLASS)
        .entry("acme/own.txt", "own")
        .build();

    assertThatThrownBy(() -> discovery(HOST, plugins()).byName("aws").open(null))
        .hasMessage("1 0 null true");
  }

  @Test
  void a_plugin_that_brings_the_api_gets_the_hosts_all_the_same() {
    Path jar =
        jar("aws", "api-copy.jar")
            .withoutHost()
            .source(
                "io.dualstack.provider.NetworkProvider",
                "package io.dualstack.provider; public interface NetworkProvider {}")
            .build();
    plugin("aws", ProviderSource.of(CLASS, "aws"), CLASS);

    assertThat(jar).exists();
    assertThat(usable(discovery().discovered())).containsExactly("aws");
  }

  @Test
  void while_a_plugin_is_called_its_loader_is_the_context_class_loader() {
    jar("aws", "aws.jar")
        .source(
            CLASS,
            ProviderSource.of(CLASS, "aws")
                .constructor("Session.check();")
                .capabilities("Session.check(new Capabilities(java.util.Map.of(), false))")
                .open("Session.check(); return new Session();")
                .text())
        .source("acme.Session", SESSION)
        .service(CLASS)
        .build();
    ClassLoader before = Thread.currentThread().getContextClassLoader();

    NetworkProvider provider = discovery().byName("aws");
    assertThat(provider.capabilities().families()).isEmpty();
    try (ProviderSession session = provider.open(null)) {
      assertThat(session.pools()).isEmpty();
      assertThat(session.verify(NetworkSet.empty())).isEmpty();
      assertThat(session.attach(List.of())).isEmpty();
      session.detach(List.of());
      assertThat(session.attached(OwnerScope.ALL)).isEmpty();
    }

    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
  }

  private static final String SESSION =
      """
      package acme;

      import io.dualstack.*;
      import io.dualstack.allocation.*;
      import io.dualstack.provider.*;
      import java.util.*;

      class Session implements ProviderSession {
        static void check() {
          if (Thread.currentThread().getContextClassLoader() != Session.class.getClassLoader()) {
            throw new IllegalStateException("not my context class loader");
          }
        }
        static <T> T check(T value) { check(); return value; }
        public List<ProviderPool> pools() { return check(List.of()); }
        public List<Diagnostic> verify(NetworkSet networks) { return check(List.of()); }
        public List<AttachOutcome> attach(List<NicRequest> requests) { return check(List.of()); }
        public void detach(Collection<AttachedNic> nics) { check(); }
        public List<AttachedNic> attached(OwnerScope scope) { return check(List.of()); }
        public void close() { check(); }
      }
      """;

  @Test
  void a_plugin_that_can_not_be_linked_in_the_middle_of_its_work_is_a_failure_of_the_provider() {
    Path sdk =
        JarBuilder.jar(temp.resolve("elsewhere/sdk.jar"))
            .source("cloud.Sdk", "package cloud; public class Sdk {}")
            .build();
    Path jar =
        jar("aws", "aws.jar")
            .against(sdk)
            .source(
                CLASS, ProviderSource.of(CLASS, "aws").open("new cloud.Sdk(); return null;").text())
            .service(CLASS)
            .build();

    assertThatThrownBy(() -> discovery().byName("aws").open(null))
        .isInstanceOfSatisfying(
            ProviderException.class,
            failure -> {
              assertThat(failure.reason()).isEqualTo(Reason.NOT_SUPPORTED);
              assertThat(failure.retryable()).isFalse();
              assertThat(failure).hasMessageContaining(jar.toString());
              assertThat(failure).hasMessageContaining("cloud/Sdk");
            });
  }

  @Test
  void a_plugin_sees_the_packages_that_the_api_exports() {
    assertThat(
            ModuleFinder.of(JarBuilder.locationOf(NetworkProvider.class))
                .find("io.dualstack.api")
                .orElseThrow()
                .descriptor()
                .exports()
                .stream()
                .map(Exports::source))
        .containsExactlyInAnyOrderElementsOf(ApiClassLoader.API_PACKAGES);
  }
}
