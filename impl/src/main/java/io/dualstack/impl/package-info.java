/**
 * The implementation of the facade: wires store, allocators, providers, director and formats
 * together. Found by {@link java.util.ServiceLoader}; nothing here is for compiling against.
 */
@NullMarked
package io.dualstack.impl;

import org.jspecify.annotations.NullMarked;
