package io.dualstack.testkit;

import io.dualstack.testkit.contract.ServiceDeclarationContract;
import java.nio.file.Path;

class ServiceDeclarationTest extends ServiceDeclarationContract {
  @Override
  protected Path module() {
    return moduleOf(ServiceDeclarationContract.class);
  }
}
