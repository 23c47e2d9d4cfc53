/** Meters for services that have a registry of Micrometer; to be compiled against. */
@NullMarked
package io.dualstack.micrometer;

import org.jspecify.annotations.NullMarked;
