package io.dualstack.impl.allocation.store;

import io.dualstack.allocation.spi.CommitResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Lets concurrent callers that bring lists of sets share one transaction. Thread-safe.
 *
 * @param <S> a set
 */
public final class SetGroups<S> {

  /** Steps in one transaction, if they come from several callers. */
  private static final int MAX_GROUP = 1 << 14;

  private final Function<List<S>, List<CommitResult>> writer;
  private final ToIntFunction<S> steps;
  private final GroupCommit<List<S>, List<CommitResult>> commits;

  /**
   * Creates a queue before a writer.
   *
   * @param writer writes sets in their order and returns how each ended
   * @param finisher is told how the sets of a group ended before their callers are
   * @param steps how many steps a set has
   */
  public SetGroups(
      Function<List<S>, List<CommitResult>> writer,
      Consumer<List<List<CommitResult>>> finisher,
      ToIntFunction<S> steps) {
    this.writer = writer;
    this.steps = steps;
    this.commits = new GroupCommit<>(this::write, finisher, this::size, MAX_GROUP);
  }

  /** Writes sets, alone or with those of others, and returns how each ended. */
  public List<CommitResult> commit(List<S> sets) {
    return sets.isEmpty() ? List.of() : commits.submit(sets);
  }

  private int size(List<S> request) {
    int size = 0;
    for (S set : request) {
      size += 1 + steps.applyAsInt(set);
    }
    return size;
  }

  private List<List<CommitResult>> write(List<List<S>> requests) {
    List<S> group = requests.size() == 1 ? requests.get(0) : new ArrayList<>();
    if (requests.size() > 1) {
      requests.forEach(group::addAll);
    }
    List<CommitResult> results = writer.apply(group);
    List<List<CommitResult>> answers = new ArrayList<>(requests.size());
    int from = 0;
    for (List<S> request : requests) {
      answers.add(List.copyOf(results.subList(from, from + request.size())));
      from += request.size();
    }
    return answers;
  }
}
