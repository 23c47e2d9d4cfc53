/**
 * What is done from time to time: security groups follow Cloud Controller, and policies of
 * applications that are gone go. Open {@code SecurityGroupSync} first.
 */
@NullMarked
package io.dualstack.impl.policy.sync;

import org.jspecify.annotations.NullMarked;
