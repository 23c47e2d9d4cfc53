/**
 * Policies in a MariaDB database. The file {@code V2__policies.sql} beside {@link
 * io.dualstack.impl.store.mariadb.MariaDatabase} says what is in it.
 */
@NullMarked
package io.dualstack.impl.policy.store.mariadb;

import org.jspecify.annotations.NullMarked;
