/** The network provider for OpenStack Neutron. */
@NullMarked
package io.dualstack.spi.openstack;

import org.jspecify.annotations.NullMarked;
