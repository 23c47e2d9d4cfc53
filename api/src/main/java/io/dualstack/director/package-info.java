/**
 * The director role: a cloud config and a deployment manifest in, every virtual machine's addresses
 * and delegated prefixes out. Open {@link io.dualstack.director.Director} first.
 */
@NullMarked
package io.dualstack.director;

import org.jspecify.annotations.NullMarked;
