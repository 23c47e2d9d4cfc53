package io.dualstack.impl;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.cli.Main;
import io.dualstack.testkit.contract.ServiceDeclarationContract;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ServiceDeclarationTest extends ServiceDeclarationContract {
  @Override
  protected Path module() {
    return moduleOf(Main.class);
  }

  @Test
  void the_implementation_exports_nothing() {
    assertThat(ModuleFinder.of(module()).find("io.dualstack.impl").orElseThrow().descriptor())
        .satisfies(module -> assertThat(module.exports()).isEmpty());
  }
}
