package io.dualstack.impl.allocation.store.sqlite;

import io.dualstack.Diagnostic;
import io.dualstack.Meters;
import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.spi.ChangeSet;
import io.dualstack.allocation.spi.CommitResult;
import io.dualstack.impl.allocation.store.DamagedRowException;
import io.dualstack.impl.allocation.store.SetGroups;
import io.dualstack.impl.allocation.store.jdbc.RowStore;
import io.dualstack.impl.store.sqlite.Readers;
import io.dualstack.impl.store.sqlite.SqliteExamination;
import io.dualstack.impl.store.sqlite.SqliteFailures;
import io.dualstack.impl.store.sqlite.SqliteFile;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps everything in one SQLite file, whose database refuses overlaps by itself, whoever writes.
 *
 * <p>What is acknowledged is on the disk: it survives {@code kill -9} and the loss of power.
 * Concurrent callers share a transaction and its flush. Several processes may have the file open,
 * on a local disk, through one copy of the driver each; a process that finds the file locked tries
 * for ten seconds. Text with half a surrogate pair is refused with {@link
 * IllegalArgumentException}.
 *
 * <p>Thread-safe. Reads run beside writes and see the last committed revision.
 */
public final class SqliteAllocationStore extends RowStore {

  private final SqliteFile file;
  private final Meters meters;
  private final Readers readers;
  private final SetGroups<Steps> commits =
      new SetGroups<>(this::writeGroup, this::flush, set -> set.steps().size());

  private final Object writing = new Object();

  /** Used by the thread that writes for all; null until then, and after a failure. */
  private @Nullable Writer writer;

  /** Up to which revision the disk has everything. */
  private volatile long durable;

  /** The last revision that this process has committed. */
  private volatile long written;

  private final Object flushing = new Object();

  /** A flush failed: the system may have dropped what it couldn't write, and not tell again. */
  private volatile boolean flushFailed;

  private SqliteAllocationStore(SqliteFile file, Meters meters) {
    super(Queries.INSTANCE);
    this.file = file;
    this.meters = meters;
    this.readers = new Readers(file);
  }

  /**
   * Opens a file, and makes it and its folder if they aren't there, readable by their owner alone.
   *
   * @param path the file
   * @param meters never throw
   * @return the store
   * @throws StoreUnavailableException if it can't be opened, is damaged, another program's or of a
   *     newer version; such a file is left as it is
   */
  public static SqliteAllocationStore open(Path path, Meters meters) {
    return open(new SqliteFile(path, Schema.VERSIONS), meters);
  }

  /** Opens a file, and tells no meters. */
  public static SqliteAllocationStore open(Path path) {
    return open(path, Meters.NONE);
  }

  static SqliteAllocationStore open(SqliteFile file) {
    return open(file, Meters.NONE);
  }

  private static SqliteAllocationStore open(SqliteFile file, Meters meters) {
    file.prepare();
    SqliteAllocationStore store = new SqliteAllocationStore(file, meters);
    store.revision();
    return store;
  }

  @Override
  public String location() {
    return file.location();
  }

  // Writing

  @Override
  public List<CommitResult> commitAll(List<ChangeSet> sets) {
    List<Steps> encoded = sets.stream().map(Steps::of).toList();
    requireOpen();
    return commits.commit(encoded);
  }

  @Override
  public List<CommitResult> commitAhead(List<ChangeSet> sets) {
    return sets.isEmpty() ? List.of() : writeGroup(sets.stream().map(Steps::of).toList());
  }

  @Override
  public void awaitDurable(long revision) {
    if (revision <= durable) {
      return;
    }
    synchronized (flushing) {
      if (revision <= durable) {
        return;
      }
      requireSoundDisk();
      // What is committed by now is in the log already, whoever committed it.
      long reached = Math.max(revision, written);
      try {
        file.flushLog();
      } catch (IOException e) {
        flushFailed = true;
        throw new StoreUnavailableException(
            location() + ": the disk failed (" + e + "); what was being committed may be lost",
            false,
            e);
      }
      durable = reached;
    }
  }

  private void flush(List<List<CommitResult>> answers) {
    long last = 0;
    for (List<CommitResult> results : answers) {
      for (CommitResult result : results) {
        if (result instanceof CommitResult.Committed committed) {
          last = Math.max(last, committed.revision());
        }
      }
    }
    awaitDurable(last);
  }

  private void requireSoundDisk() {
    if (flushFailed) {
      throw new StoreUnavailableException(
          location()
              + ": the disk failed, and nobody knows what it kept; check it, and open the store again",
          false,
          null);
    }
  }

  private List<CommitResult> writeGroup(List<Steps> group) {
    synchronized (writing) {
      requireOpen();
      requireSoundDisk();
      boolean usable = false;
      try {
        if (writer == null) {
          writer = new Writer(file.openWriter(), file.patience(), meters);
        }
        List<CommitResult> results = writer.write(group);
        usable = true;
        written = Math.max(written, writer.revision());
        return results;
      } catch (SQLException e) {
        throw SqliteFailures.unavailable(location(), e);
      } catch (DamagedRowException e) {
        throw SqliteFailures.damaged(location(), e);
      } finally {
        if (!usable) {
          closeWriter();
        }
      }
    }
  }

  private void closeWriter() {
    Writer last = writer;
    writer = null;
    discard(last);
  }

  // Reading

  @Override
  public List<Diagnostic> examine() {
    return answer(
        reader -> {
          SqliteExamination examination = new SqliteExamination(location());
          examination.examine(reader, Schema.VERSIONS);
          reader.atOneRevision(TrailExamination::faults).forEach(examination::damaged);
          return examination.findings();
        });
  }

  @Override
  protected <T> T ask(Question<T> question) {
    return answer(question::ask);
  }

  @Override
  protected <T> T askAtOneRevision(Question<T> question) {
    return answer(reader -> reader.atOneRevision(question::ask));
  }

  private <T> T answer(Readers.Question<T> question) {
    requireOpen();
    try {
      return readers.ask(question);
    } catch (SQLException e) {
      requireOpen();
      throw SqliteFailures.unavailable(location(), e);
    } catch (DamagedRowException e) {
      throw SqliteFailures.damaged(location(), e);
    }
  }

  /** Waits for those who read or write, and closes. */
  @Override
  public void close() {
    closeForNewcomers();
    synchronized (writing) {
      closeWriter();
    }
    discard(readers);
  }
}
