/**
 * What stores of policies in databases share, whatever the engine: the statements, how their rows
 * are read, and how a server is written to. Open {@code RowPolicyStore} first.
 */
@NullMarked
package io.dualstack.impl.policy.store.jdbc;

import org.jspecify.annotations.NullMarked;
