/**
 * The policy role as a process runs it: its configuration file, with the keys of the policy
 * server's three jobs, and the servers and rounds around a store. Open {@code PolicyService} first.
 */
@NullMarked
package io.dualstack.impl.policy.service;

import org.jspecify.annotations.NullMarked;
