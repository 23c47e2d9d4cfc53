package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.provider.NetworkProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What a plugin folder must hold, as its users install it: a jar that names the provider,
 * everything that needs beyond what the host lets a plugin see, and nothing of that.
 */
public abstract class PluginFolderContract {
  private static final String SLF4J = "org.slf4j.LoggerFactory";
  private static final String SERVICE = "META-INF/services/" + NetworkProvider.class.getName();

  /** For subclasses. */
  protected PluginFolderContract() {}

  /**
   * The folder under test.
   *
   * @return a folder with the plugin's jars
   */
  protected abstract Path folder();

  @Test
  void a_jar_names_the_provider() throws IOException {
    assertThat(providers()).as("providers named in %s", SERVICE).isNotEmpty();
  }

  @Test
  void no_jar_brings_what_the_host_gives_a_plugin() throws IOException {
    List<String> brought = new ArrayList<>();
    for (Path jar : jars()) {
      try (JarFile file = new JarFile(jar.toFile())) {
        file.stream()
            .map(entry -> entry.getName())
            .filter(entry -> entry.endsWith(".class") && !entry.contains("-"))
            .map(entry -> entry.replace('/', '.').replaceFirst("\\.class$", ""))
            .filter(type -> HostView.given(type).isPresent())
            .map(type -> jar.getFileName() + ": " + type)
            .forEach(brought::add);
      }
    }

    assertThat(brought).isEmpty();
  }

  @Test
  void the_provider_works_where_a_plugin_does() throws Exception {
    try (URLClassLoader plugin =
        new URLClassLoader(
            jars().stream().map(PluginFolderContract::url).toArray(URL[]::new), new HostView())) {
      for (String className : providers()) {
        Class<?> type = plugin.loadClass(className);
        NetworkProvider provider =
            type.asSubclass(NetworkProvider.class).getConstructor().newInstance();

        assertThat(type.getClassLoader()).as("loader of %s", className).isSameAs(plugin);
        assertThat(provider.name()).matches("[a-z][a-z0-9-]{0,62}");
        assertThat(provider.apiVersion()).isEqualTo(NetworkProvider.API_VERSION);
        assertThat(provider.capabilities()).isNotNull();
      }
    }
  }

  private List<Path> jars() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private List<String> providers() throws IOException {
    List<String> providers = new ArrayList<>();
    for (Path jar : jars()) {
      try (JarFile file = new JarFile(jar.toFile())) {
        if (file.getEntry(SERVICE) != null) {
          try (InputStream in = file.getInputStream(file.getEntry(SERVICE))) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .forEach(providers::add);
          }
        }
      }
    }
    return providers;
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(jar + ": has no URL", e);
    }
  }

  /** The host as a plugin sees it: the API's and SLF4J's own jars, and the JDK. */
  private static final class HostView extends ClassLoader {
    HostView() {
      super(ClassLoader.getPlatformClassLoader());
    }

    /** Returns the class if the host gives it to plugins. */
    static Optional<Class<?>> given(String className) {
      try {
        ClassLoader host = NetworkProvider.class.getClassLoader();
        Class<?> type = Class.forName(className, false, host);
        @Nullable URL location = location(type);
        boolean visible =
            location != null
                && (location.equals(location(NetworkProvider.class))
                    || location.equals(location(Class.forName(SLF4J, false, host))));
        return visible ? Optional.of(type) : Optional.empty();
      } catch (ClassNotFoundException | LinkageError e) {
        return Optional.empty();
      }
    }

    private static @Nullable URL location(Class<?> type) {
      @Nullable CodeSource source = type.getProtectionDomain().getCodeSource();
      return source == null ? null : source.getLocation();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      Optional<Class<?>> given = given(name);
      return given.isPresent() ? given.get() : super.loadClass(name, resolve);
    }
  }
}
