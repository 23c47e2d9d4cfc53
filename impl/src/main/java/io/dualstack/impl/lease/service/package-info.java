/**
 * The two services of the lease role as processes run them: their configuration files, with the
 * keys of the Silk controller and daemon, and the servers around registry and agent. Open {@code
 * LeaseService} and {@code CellService} first.
 */
@NullMarked
package io.dualstack.impl.lease.service;

import org.jspecify.annotations.NullMarked;
