/** What surrounds one instance of an application, in the formats of the platform. */
@NullMarked
package io.dualstack.impl.workload;

import org.jspecify.annotations.NullMarked;
