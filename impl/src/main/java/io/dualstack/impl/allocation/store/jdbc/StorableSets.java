package io.dualstack.impl.allocation.store.jdbc;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.impl.allocation.store.Codes;
import io.dualstack.impl.store.StoredText;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What of a set an engine can keep. Checked by the caller's own thread.
 *
 * @param withoutZero the engine whose texts can't have the character U+0000; null if they can
 * @param network how long a network's name may be
 * @param key how long a document's key may be
 * @param unit what that is counted in
 * @param size counts it; never more than four for a character
 */
public record StorableSets(
    @Nullable String withoutZero, int network, int key, String unit, ToIntFunction<String> size) {

  /** Limits in bytes of UTF-8, without the character U+0000. */
  public static StorableSets inBytes(String engine, int network, int key) {
    return new StorableSets(engine, network, key, "bytes", text -> StoredText.utf8(text).length);
  }

  /** Limits in characters, of which any may come. */
  public static StorableSets inCharacters(int network, int key) {
    return new StorableSets(
        null, network, key, "characters", text -> text.codePointCount(0, text.length()));
  }

  /**
   * Refuses a set that has something in it that can't be kept.
   *
   * @throws IllegalArgumentException if it has
   */
  public void require(ChangeSet set) {
    Codes.millis(set.at());
    for (Change change : set.changes()) {
      require(change);
    }
  }

  private void require(Change change) {
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

  private void require(AllocatedBlock block) {
    requireText("owner", block.owner().id());
    requireText("incarnation", block.incarnation());
    requireText("network", block.network());
    requireIndexable("network", block.network(), network);
    if (block.zone() != null) {
      requireText("zone", block.zone());
    }
    Codes.millis(block.since());
    if (block.until() != null) {
      Codes.millis(block.until());
    }
  }

  /** Says whether there can be anything that is called so, or begins so. */
  public boolean canBeThere(String text) {
    return (withoutZero == null || text.indexOf('\0') < 0) && StoredText.isWhole(text);
  }

  private void requireKey(String text) {
    requireText("key", text);
    requireIndexable("key", text, key);
  }

  private void requireText(String field, String text) {
    StoredText.requireWholeCharacters(text);
    if (withoutZero != null) {
      StoredText.requireWithoutZero(field, text, withoutZero);
    }
  }

  /** What is part of an index can't be of any size. */
  private void requireIndexable(String field, String text, int most) {
    if (text.length() > most / 4 && size.applyAsInt(text) > most) {
      throw new IllegalArgumentException(
          field + ": \"" + text + "\" is longer than " + most + " " + unit + "; use a shorter one");
    }
  }
}
