/**
 * Who may reach whom: policies between applications, the tags that mark their packets, and the
 * security groups bound to spaces, as a policy server keeps them. Open {@link
 * io.dualstack.policy.PolicyStore} first; the contract suite for implementations is in the test
 * kit. Every value is immutable and safe for use by many threads.
 */
@NullMarked
package io.dualstack.policy;

import org.jspecify.annotations.NullMarked;
