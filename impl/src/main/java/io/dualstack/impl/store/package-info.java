/** How the store of a location is found. Open {@code StoreLoader} first. */
@NullMarked
package io.dualstack.impl.store;

import org.jspecify.annotations.NullMarked;
