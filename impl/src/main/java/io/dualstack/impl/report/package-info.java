/** What a store holds, as a page to read in a browser, with maps of address space. */
@NullMarked
package io.dualstack.impl.report;

import org.jspecify.annotations.NullMarked;
