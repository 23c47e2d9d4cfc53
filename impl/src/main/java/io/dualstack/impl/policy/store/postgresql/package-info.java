/**
 * Policies in a PostgreSQL database. The file {@code V2__policies.sql} beside {@link
 * io.dualstack.impl.store.postgresql.PostgresDatabase} says what is in it.
 */
@NullMarked
package io.dualstack.impl.policy.store.postgresql;

import org.jspecify.annotations.NullMarked;
