/**
 * The way in: the facade an embedding service builds, its roles, and the root of all exceptions.
 */
@NullMarked
package io.dualstack;

import org.jspecify.annotations.NullMarked;
