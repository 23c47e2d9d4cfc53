/**
 * What stores in a PostgreSQL database share: where it is, how it is opened and brought up to date,
 * and what its failures mean. Open {@code PostgresDatabase} first.
 */
@NullMarked
package io.dualstack.impl.store.postgresql;

import org.jspecify.annotations.NullMarked;
