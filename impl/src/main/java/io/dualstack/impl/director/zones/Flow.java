package io.dualstack.impl.director.zones;

import java.util.Arrays;

/** The largest flow from the first node of a small graph to its last. */
final class Flow {

  private final int nodes;
  private final int[][] left;
  private final int[] reachedFrom;
  private final int[] queue;

  /** Creates a graph without edges. */
  Flow(int nodes) {
    this.nodes = nodes;
    this.left = new int[nodes][nodes];
    this.reachedFrom = new int[nodes];
    this.queue = new int[nodes];
  }

  void edge(int from, int to, int capacity) {
    left[from][to] = capacity;
  }

  /** Sends as much as fits, along the shortest ways first, and returns how much that is. */
  int send() {
    int sent = 0;
    while (findWay()) {
      int fits = Integer.MAX_VALUE;
      for (int at = nodes - 1; at != 0; at = reachedFrom[at]) {
        fits = Math.min(fits, left[reachedFrom[at]][at]);
      }
      for (int at = nodes - 1; at != 0; at = reachedFrom[at]) {
        left[reachedFrom[at]][at] -= fits;
        left[at][reachedFrom[at]] += fits;
      }
      sent += fits;
    }
    return sent;
  }

  /** Returns what was sent along an edge, if there is none the other way round. */
  int sent(int from, int to) {
    return left[to][from];
  }

  private boolean findWay() {
    Arrays.fill(reachedFrom, -1);
    reachedFrom[0] = 0;
    int known = 1;
    queue[0] = 0;
    for (int next = 0; next < known; next++) {
      int from = queue[next];
      for (int to = 0; to < nodes; to++) {
        if (left[from][to] > 0 && reachedFrom[to] < 0) {
          reachedFrom[to] = from;
          queue[known++] = to;
        }
      }
    }
    return reachedFrom[nodes - 1] >= 0;
  }
}
