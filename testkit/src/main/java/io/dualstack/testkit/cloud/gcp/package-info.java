/**
 * Google Compute Engine without Google: {@link FakeCompute} keeps the addresses, subnetworks and
 * instances of one region, and refuses what the documentation says is refused.
 */
@NullMarked
package io.dualstack.testkit.cloud.gcp;

import org.jspecify.annotations.NullMarked;
