/**
 * What stores in databases share, whatever the database: how rows are asked for; and for those
 * behind a network connections, patience and what failures mean. Open {@code ServerDatabase} first.
 */
@NullMarked
package io.dualstack.impl.store.jdbc;

import org.jspecify.annotations.NullMarked;
