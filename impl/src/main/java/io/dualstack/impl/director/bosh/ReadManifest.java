package io.dualstack.impl.director.bosh;

import io.dualstack.director.InstanceGroup;
import java.util.List;

/**
 * A manifest as far as it could be read.
 *
 * @param name the deployment's name; empty if it has none
 * @param groups the instance groups without errors, in order
 */
record ReadManifest(String name, List<InstanceGroup> groups) {}
