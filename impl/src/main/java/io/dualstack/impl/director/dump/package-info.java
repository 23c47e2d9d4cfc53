/** What a BOSH director's database says of addresses, read out of a dump of it. */
@NullMarked
package io.dualstack.impl.director.dump;

import org.jspecify.annotations.NullMarked;
