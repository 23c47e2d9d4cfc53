/**
 * What stores in a MariaDB database share: where it is, how it is opened and brought up to date,
 * and what its failures mean. Open {@code MariaDatabase} first.
 */
@NullMarked
package io.dualstack.impl.store.mariadb;

import org.jspecify.annotations.NullMarked;
