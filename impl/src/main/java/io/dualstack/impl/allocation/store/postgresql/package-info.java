/**
 * The store for many directors: a PostgreSQL database. Open {@link
 * io.dualstack.impl.allocation.store.postgresql.PostgresAllocationStore} first; the file {@code
 * V1__allocations.sql} beside {@link io.dualstack.impl.store.postgresql.PostgresDatabase} says what
 * is in the database and what it refuses by itself.
 *
 * <h2>What refuses overlaps</h2>
 *
 * An exclusion constraint on one column of type {@code cidr}, by an SP-GiST index, in a table for
 * each address space. Rows per second that one connection adds to a new table, /80 after /80, by
 * 1000 and by 100 in a commit, in one run (PostgreSQL 18.6, two cores busy with other work; the
 * better of two rounds, with GiST over a tenth of the rows):
 *
 * <table>
 * <caption>Guards against overlaps</caption>
 * <tr><th>guard</th><th>by 1000</th><th>by 100</th></tr>
 * <tr><td>none but uniqueness, which lets a /128 into a /80</td><td>151,501</td><td>41,781</td></tr>
 * <tr><td>SP-GiST, a partial constraint for each space</td><td>81,026</td><td>38,738</td></tr>
 * <tr><td>SP-GiST, a table for each space</td><td>69,435</td><td>40,845</td></tr>
 * <tr><td>B-tree, and a trigger that takes a lock and looks at the neighbours</td><td>38,818</td>
 * <td>30,937</td></tr>
 * <tr><td>GiST on space and block</td><td>11,794</td><td>12,880</td></tr>
 * </table>
 *
 * <p>The two forms with SP-GiST cost the same within the noise. A table for each space is the one
 * that can't be forgotten: where it isn't, no row of the space can be, whereas without its partial
 * constraint a space would have no guard.
 */
@NullMarked
package io.dualstack.impl.allocation.store.postgresql;

import org.jspecify.annotations.NullMarked;
