/** The formats that machines are told their networks in: {@link io.dualstack.host.HostFormats}. */
@NullMarked
package io.dualstack.impl.host;

import org.jspecify.annotations.NullMarked;
