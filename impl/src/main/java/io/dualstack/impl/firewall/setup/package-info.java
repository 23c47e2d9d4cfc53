/** What files say the firewall of a whole cell should be. Start with {@code CellSetup.read}. */
@NullMarked
package io.dualstack.impl.firewall.setup;

import org.jspecify.annotations.NullMarked;
