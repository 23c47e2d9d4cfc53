package io.dualstack.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.dualstack.ProviderException;
import io.dualstack.provider.Capabilities;
import io.dualstack.provider.NetworkProvider;
import io.dualstack.provider.ProviderContext;
import io.dualstack.provider.ProviderSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

class PluginFolderContractTest {
  private static final String SERVICE = "META-INF/services/" + NetworkProvider.class.getName();

  /** Where {@link SomeFolder} looks, as JUnit makes that. */
  private static Path folder;

  @BeforeEach
  void in_a_folder_of_its_own(@TempDir Path temp) {
    folder = temp;
  }

  @Test
  void accepts_a_folder_with_a_provider_and_what_it_needs() throws IOException {
    jar("provider.jar", Complete.class.getName(), Complete.class, Needed.class);

    assertThat(failures()).isEmpty();
  }

  @Test
  void refuses_a_folder_without_a_service_file() throws IOException {
    jar("provider.jar", null, Complete.class, Needed.class);

    assertThat(failures()).containsExactly("a_jar_names_the_provider()");
  }

  @Test
  void refuses_a_folder_that_misses_a_class() throws IOException {
    jar("provider.jar", Complete.class.getName(), Complete.class);

    assertThat(failures()).containsExactly("the_provider_works_where_a_plugin_does()");
  }

  @Test
  void refuses_a_folder_that_brings_a_part_of_the_api() throws IOException {
    jar("provider.jar", Complete.class.getName(), Complete.class, Needed.class);
    jar("api.jar", null, NetworkProvider.class);

    assertThat(failures()).containsExactly("no_jar_brings_what_the_host_gives_a_plugin()");
  }

  private static List<String> failures() {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(SomeFolder.class))
        .execute()
        .testEvents()
        .failed()
        .map(Event::getTestDescriptor)
        .map(test -> test.getDisplayName())
        .toList();
  }

  private static void jar(String name, String provider, Class<?>... types) throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve(name));
        JarOutputStream jar = new JarOutputStream(out)) {
      for (Class<?> type : types) {
        String entry = type.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new JarEntry(entry));
        try (InputStream in = type.getClassLoader().getResourceAsStream(entry)) {
          jar.write(in.readAllBytes());
        }
        jar.closeEntry();
      }
      if (provider != null) {
        jar.putNextEntry(new JarEntry(SERVICE));
        jar.write(provider.getBytes(StandardCharsets.UTF_8));
        jar.closeEntry();
      }
    }
  }

  static class SomeFolder extends PluginFolderContract {
    @Override
    protected Path folder() {
      return folder;
    }
  }

  /** What the provider's folder has to bring along. */
  public static class Needed {
    static final Capabilities NOTHING = new Capabilities(Map.of(), Needed.class.isInterface());
  }

  /** A provider that can be made. */
  public static class Complete implements NetworkProvider {
    @Override
    public String name() {
      return "complete";
    }

    @Override
    public int apiVersion() {
      return API_VERSION;
    }

    @Override
    public Capabilities capabilities() {
      return Needed.NOTHING;
    }

    @Override
    public ProviderSession open(ProviderContext context) {
      throw new ProviderException(
          name(), ProviderException.Reason.NOT_CONFIGURED, false, "never opened", null);
    }
  }
}
