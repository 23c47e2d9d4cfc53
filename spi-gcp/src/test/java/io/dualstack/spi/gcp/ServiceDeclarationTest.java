package io.dualstack.spi.gcp;

import io.dualstack.testkit.contract.ServiceDeclarationContract;
import java.nio.file.Path;

class ServiceDeclarationTest extends ServiceDeclarationContract {
  @Override
  protected Path module() {
    return Path.of("target/classes");
  }
}
