/**
 * The part of Amazon EC2's API that network interfaces need, without Amazon: {@link
 * io.dualstack.testkit.cloud.aws.FakeEc2}.
 */
@NullMarked
package io.dualstack.testkit.cloud.aws;

import org.jspecify.annotations.NullMarked;
