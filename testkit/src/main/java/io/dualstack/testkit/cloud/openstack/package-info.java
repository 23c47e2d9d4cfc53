/**
 * OpenStack without a cloud: Networking (Neutron) and as much of Identity (Keystone) as a login
 * needs. Start with {@link io.dualstack.testkit.cloud.openstack.FakeNeutron}.
 */
@NullMarked
package io.dualstack.testkit.cloud.openstack;

import org.jspecify.annotations.NullMarked;
