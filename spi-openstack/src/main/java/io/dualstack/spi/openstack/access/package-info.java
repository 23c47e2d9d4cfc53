/** How to reach a cloud: configuration from settings, environment and files; login; requests. */
@NullMarked
package io.dualstack.spi.openstack.access;

import org.jspecify.annotations.NullMarked;
