/**
 * What stores in databases share, whatever the engine: {@link
 * io.dualstack.impl.allocation.store.jdbc.RowStore} asks, {@link
 * io.dualstack.impl.allocation.store.jdbc.ServerStore} also writes where a server keeps the rows.
 * What an engine has of its own is its {@link io.dualstack.impl.allocation.store.jdbc.Dialect}, the
 * tables, and how many blocks are written at once.
 */
@NullMarked
package io.dualstack.impl.allocation.store.jdbc;

import org.jspecify.annotations.NullMarked;
