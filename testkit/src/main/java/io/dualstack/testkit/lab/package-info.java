/**
 * Real hosts for a test: network namespaces on a common underlay, both families, with means to
 * reach each other, to forge packets and to see what arrives. A test asks for a {@link
 * io.dualstack.testkit.lab.Lab} as a parameter.
 */
@NullMarked
package io.dualstack.testkit.lab;

import org.jspecify.annotations.NullMarked;
