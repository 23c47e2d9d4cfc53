/**
 * The embedded store: one SQLite file. Open {@link
 * io.dualstack.impl.allocation.store.sqlite.SqliteAllocationStore} first; {@link
 * io.dualstack.impl.allocation.store.sqlite.Schema} says what is in the file and what the database
 * refuses by itself.
 */
@NullMarked
package io.dualstack.impl.allocation.store.sqlite;

import org.jspecify.annotations.NullMarked;
