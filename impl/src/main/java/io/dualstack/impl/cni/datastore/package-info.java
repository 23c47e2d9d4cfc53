/**
 * The file that says which containers a cell has, shared with the original plugin and daemon:
 * {@link io.dualstack.impl.cni.datastore.SilkStore}.
 */
@NullMarked
package io.dualstack.impl.cni.datastore;

import org.jspecify.annotations.NullMarked;
