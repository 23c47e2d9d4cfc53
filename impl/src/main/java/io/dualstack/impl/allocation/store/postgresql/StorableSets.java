package io.dualstack.impl.allocation.store.postgresql;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.impl.allocation.store.Codes;
import io.dualstack.impl.allocation.store.StoredText;

/** What of a set PostgreSQL can keep. Checked by the caller's own thread. */
final class StorableSets {

  /**
   * Bytes of a text that is part of an index, whose rows can't be larger than a third of a page.
   */
  private static final int MAX_INDEXED = 1024;

  private StorableSets() {}

  /** Refuses a set that has something in it that can't be kept. */
  static void require(ChangeSet set) {
    Codes.millis(set.at());
    for (Change change : set.changes()) {
      require(change);
    }
  }

  private static void require(Change change) {
    if (change instanceof Change.Add add) {
      require(add.block());
    } else if (change instanceof Change.Replace replace) {
      require(replace.before());
      require(replace.after());
    } else if (change instanceof Change.Remove remove) {
      require(remove.block());
    } else if (change instanceof Change.PutDocument document) {
      requireKey(document.key());
      StoredText.requireWholeCharacters(document.text());
    } else if (change instanceof Change.RemoveDocument document) {
      requireKey(document.key());
    } else if (change instanceof Change.ExpectDocument document) {
      requireKey(document.key());
    }
  }

  private static void require(AllocatedBlock block) {
    requireText("owner", block.owner().id());
    requireText("incarnation", block.incarnation());
    requireText("network", block.network());
    requireIndexable("network", block.network());
    if (block.zone() != null) {
      requireText("zone", block.zone());
    }
    Codes.millis(block.since());
    if (block.until() != null) {
      Codes.millis(block.until());
    }
  }

  /** Says whether there can be anything that is called so, or begins so. */
  static boolean canBeThere(String text) {
    return text.indexOf('\0') < 0 && StoredText.isWhole(text);
  }

  private static void requireKey(String key) {
    requireText("key", key);
    requireIndexable("key", key);
  }

  private static void requireText(String field, String text) {
    StoredText.requireWholeCharacters(text);
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          field
              + ": \""
              + text
              + "\" has the character U+0000, which PostgreSQL can't store; leave it out");
    }
  }

  private static void requireIndexable(String field, String text) {
    if (text.length() > MAX_INDEXED / 4 && StoredText.utf8(text).length > MAX_INDEXED) {
      throw new IllegalArgumentException(
          field + ": \"" + text + "\" is longer than " + MAX_INDEXED + " bytes; use a shorter one");
    }
  }
}
