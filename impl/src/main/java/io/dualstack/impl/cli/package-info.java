/** The command line: picocli commands that parse, call and print, with no logic of their own. */
@NullMarked
package io.dualstack.impl.cli;

import org.jspecify.annotations.NullMarked;
