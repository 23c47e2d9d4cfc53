/**
 * Whom the policy role asks: UAA who a caller is, and Cloud Controller where applications are, who
 * develops there and what security groups there are. Open {@code TokenVerifier} first.
 */
@NullMarked
package io.dualstack.impl.policy.cloud;

import org.jspecify.annotations.NullMarked;
