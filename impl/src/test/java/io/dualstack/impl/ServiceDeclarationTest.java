package io.dualstack.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.cli.Main;
import io.dualstack.testkit.contract.ServiceDeclarationContract;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ServiceDeclarationTest extends ServiceDeclarationContract {
  @Override
  protected Path module() {
    return moduleOf(Main.class);
  }

  @Test
  void the_implementation_exports_nothing_but_the_adapter_of_micrometer() {
    ModuleDescriptor module =
        ModuleFinder.of(module()).find("io.dualstack.impl").orElseThrow().descriptor();

    assertThat(module.exports())
        .extracting(ModuleDescriptor.Exports::source)
        .containsExactly("io.dualstack.micrometer");
  }
}
