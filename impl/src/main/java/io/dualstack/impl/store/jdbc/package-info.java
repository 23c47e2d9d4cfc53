/** What stores in databases behind a network share, whatever the database. */
@NullMarked
package io.dualstack.impl.store.jdbc;

import org.jspecify.annotations.NullMarked;
