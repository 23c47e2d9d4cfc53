/**
 * Clouds without a cloud: what the fakes of the network APIs have in common. Each listens on the
 * loopback interface, keeps state, refuses what the real service refuses, and fails when a test
 * says so.
 */
@NullMarked
package io.dualstack.testkit.cloud;

import org.jspecify.annotations.NullMarked;
