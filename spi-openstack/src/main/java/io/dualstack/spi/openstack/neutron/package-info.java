/** Neutron's resources and what is done with them. */
@NullMarked
package io.dualstack.spi.openstack.neutron;

import org.jspecify.annotations.NullMarked;
