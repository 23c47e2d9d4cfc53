/**
 * Networks and their subnets, and who holds which address or prefix of them: requests, allocations,
 * plans and utilisation.
 */
@NullMarked
package io.dualstack.allocation;

import org.jspecify.annotations.NullMarked;
