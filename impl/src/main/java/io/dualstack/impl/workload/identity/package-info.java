/** Certificates of instances: signed, kept in files, replaced before they end. */
@NullMarked
package io.dualstack.impl.workload.identity;

import org.jspecify.annotations.NullMarked;
