/** JSON as plain values, for signatures without a type of the JSON library. */
@NullMarked
package io.dualstack.impl.json;

import org.jspecify.annotations.NullMarked;
