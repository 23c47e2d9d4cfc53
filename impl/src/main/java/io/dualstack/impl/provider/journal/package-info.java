/**
 * What providers remember, kept in the allocation store: {@link
 * io.dualstack.impl.provider.journal.StoreJournal}.
 */
@NullMarked
package io.dualstack.impl.provider.journal;

import org.jspecify.annotations.NullMarked;
