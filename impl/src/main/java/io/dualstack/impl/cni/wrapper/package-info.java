/**
 * The plugin {@code cni-wrapper-plugin}: has another plugin attach containers, and puts the cell's
 * default firewall around them.
 */
@NullMarked
package io.dualstack.impl.cni.wrapper;

import org.jspecify.annotations.NullMarked;
