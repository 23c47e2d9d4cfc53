/**
 * The store for many directors in a MariaDB database. Open {@link
 * io.dualstack.impl.allocation.store.mariadb.MariaAllocationStore} first; the file {@code
 * V1__allocations.sql} beside {@link io.dualstack.impl.store.mariadb.MariaDatabase} says what is in
 * the database and what it refuses by itself.
 *
 * <p>An address is of the type {@code INET6}, which compares and sorts in an index as its 16 bytes
 * do. IPv4 addresses are mapped into it, and the family is a column before it, so that a block of
 * one family is in no way of the other.
 *
 * <h2>What refuses overlaps</h2>
 *
 * The engine has no constraint for it, so a trigger does. At READ COMMITTED the engine locks no
 * gaps between rows, and at other levels a plain look sees what was there before: the trigger locks
 * the row of the space, for which all wait who add to it, and then looks at the last block that
 * begins before the new one's end, with a lock, which sees what is committed. Sessions can turn off
 * checks of constraints and references, but no triggers. Rows per second that one connection adds
 * to a new table, /80 after /80, by 1000 in a commit, and the server's processor time for a row, in
 * one run (MariaDB 10.11.19, two cores busy with other work, without the audit trail; the best of
 * three rounds):
 *
 * <table>
 * <caption>Guards against overlaps</caption>
 * <tr><th>guard</th><th>rows/s</th><th>CPU</th></tr>
 * <tr><td>none but uniqueness, which lets a /128 into a /80</td><td>15,549</td><td>14 µs</td></tr>
 * <tr><td>a look without a lock, which lets racing writers pass</td><td>5,131</td><td>53 µs</td>
 * </tr>
 * <tr><td>the space's row is locked, and a look at one neighbour</td><td>5,389</td><td>55 µs</td>
 * </tr>
 * <tr><td>a row of the space counts, and a look at one neighbour</td><td>5,776</td><td>53 µs</td>
 * </tr>
 * <tr><td>one of 256 parts of the space is locked, and a look</td><td>5,287</td><td>63 µs</td></tr>
 * <tr><td>the space's row is locked, and a look at both neighbours</td><td>3,201</td>
 * <td>77 µs</td></tr>
 * </table>
 *
 * <p>The lock costs next to nothing beside the look, and locking parts gains nothing for stores,
 * which wait for each other anyway to count revisions. A counter would cost the same and write a
 * row more for each block.
 */
@NullMarked
package io.dualstack.impl.allocation.store.mariadb;

import org.jspecify.annotations.NullMarked;
