package io.dualstack.spi.gcp;

import io.dualstack.testkit.contract.PluginFolderContract;
import java.nio.file.Path;

class PluginFolderIT extends PluginFolderContract {
  @Override
  protected Path folder() {
    return Path.of("target/plugins/gcp");
  }
}
