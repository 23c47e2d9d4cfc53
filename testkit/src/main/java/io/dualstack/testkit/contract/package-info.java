/**
 * One abstract suite for each SPI. Extend it, implement its factory method, and every test of the
 * contract runs against your implementation.
 */
@NullMarked
package io.dualstack.testkit.contract;

import org.jspecify.annotations.NullMarked;
