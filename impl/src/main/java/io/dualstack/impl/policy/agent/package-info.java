/**
 * The policy agent's role on a cell: what the policy server says is put in force for the containers
 * that are there. Open {@code AgentService} first; {@code PolicyPlan} and {@code GroupPlan}
 * compute.
 */
@NullMarked
package io.dualstack.impl.policy.agent;

import org.jspecify.annotations.NullMarked;
