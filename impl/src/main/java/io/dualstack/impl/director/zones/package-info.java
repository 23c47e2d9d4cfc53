/** How static addresses of several networks are spread over availability zones. */
@NullMarked
package io.dualstack.impl.director.zones;

import org.jspecify.annotations.NullMarked;
