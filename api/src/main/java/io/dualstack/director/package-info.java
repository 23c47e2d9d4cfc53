/**
 * The director role: allocates for a whole deployment, across all its machines and networks, or not
 * at all.
 */
@NullMarked
package io.dualstack.director;

import org.jspecify.annotations.NullMarked;
