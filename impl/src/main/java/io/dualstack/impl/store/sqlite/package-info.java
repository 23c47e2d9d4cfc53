/**
 * What stores in a SQLite file share: how the file is made, recognised, brought up to date, opened
 * and flushed, and what its failures mean. Open {@code SqliteFile} first.
 */
@NullMarked
package io.dualstack.impl.store.sqlite;

import org.jspecify.annotations.NullMarked;
