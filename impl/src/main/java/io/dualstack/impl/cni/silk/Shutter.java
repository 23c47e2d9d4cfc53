package io.dualstack.impl.cni.silk;

import io.dualstack.firewall.ContainerEndpoint;

/** Shuts containers before they can be reached. */
public interface Shutter {
  /** Leaves that to somebody else, such as the wrapper plugin. */
  Shutter NONE =
      new Shutter() {
        @Override
        public void shut(ContainerEndpoint container) {}

        @Override
        public void forget(ContainerEndpoint container) {}
      };

  /** Lets nothing to or from a container but what its cell lets through for all. */
  void shut(ContainerEndpoint container);

  /** Removes the rules of a container that is gone; nothing happens when it has none. */
  void forget(ContainerEndpoint container);
}
