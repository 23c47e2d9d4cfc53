/**
 * What the parts of the policy role share: how rules and addresses are written as JSON, and how a
 * store is found. Open {@code PolicyJson} first.
 */
@NullMarked
package io.dualstack.impl.policy;

import org.jspecify.annotations.NullMarked;
