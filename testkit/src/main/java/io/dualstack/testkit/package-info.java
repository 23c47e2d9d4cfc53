/** Entry points for tests that speak of addresses: start here. */
@NullMarked
package io.dualstack.testkit;

import org.jspecify.annotations.NullMarked;
