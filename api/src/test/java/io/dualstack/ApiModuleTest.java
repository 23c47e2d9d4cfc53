package io.dualstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ApiModuleTest {
  private final ModuleDescriptor module =
      ModuleFinder.of(Path.of("target/classes"))
          .find("io.dualstack.api")
          .orElseThrow()
          .descriptor();

  @Test
  void exports_every_package_to_everyone() {
    assertThat(module.exports()).allMatch(exports -> !exports.isQualified());
    assertThat(module.exports())
        .extracting(Exports::source)
        .containsExactlyInAnyOrderElementsOf(module.packages());
  }

  @Test
  void requires_only_what_its_signatures_and_logging_need() {
    assertThat(module.requires())
        .extracting(Requires::name)
        .containsExactlyInAnyOrder("inet.ipaddr", "java.base", "org.jspecify", "org.slf4j");
  }
}
