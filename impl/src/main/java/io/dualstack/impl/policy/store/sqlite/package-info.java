/**
 * Policies in one SQLite file, with the tables of the policy server. Open {@code SqlitePolicyStore}
 * first; {@code PolicySchema} says what is in the file.
 */
@NullMarked
package io.dualstack.impl.policy.store.sqlite;

import org.jspecify.annotations.NullMarked;
