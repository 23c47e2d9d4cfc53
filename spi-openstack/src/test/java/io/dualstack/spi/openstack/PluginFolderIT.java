package io.dualstack.spi.openstack;

import io.dualstack.testkit.contract.PluginFolderContract;
import java.nio.file.Path;

class PluginFolderIT extends PluginFolderContract {
  @Override
  protected Path folder() {
    return Path.of("target/plugins/openstack");
  }
}
