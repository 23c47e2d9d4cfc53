package io.dualstack.impl.director.zones;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many instances of a group are in each zone, so that each finds an address of every network in
 * its own zone. All addresses are used: a zone has as many of one network as of any other.
 *
 * <p>An address may be of several zones. Those with the same zones are told apart by nothing, so
 * that only their number counts. Two networks are compared by a flow from the addresses of one
 * through the zones to those of the other, which is exact. Three or more are searched zone by zone,
 * and every two of them must still agree at each step.
 */
public final class ZoneSpread {

  /** More than any manifest needs, and soon over. */
  private static final int MOST_TRIES = 10_000;

  private final List<String> zones;
  private final List<Network> networks = new ArrayList<>();
  private final int[] counts;
  private int tries;

  private ZoneSpread(List<String> zones, List<Map<List<String>, Integer>> addresses) {
    this.zones = zones;
    addresses.forEach(network -> networks.add(new Network(zones, network)));
    this.counts = new int[zones.size()];
    Arrays.fill(counts, OPEN);
  }

  private static final int OPEN = -1;

  /** How many addresses of a network there are in each set of zones. */
  private static final class Network {
    final List<List<String>> kinds = new ArrayList<>();
    final List<Integer> sizes = new ArrayList<>();
    final boolean[][] serves;

    Network(List<String> zones, Map<List<String>, Integer> addresses) {
      addresses.forEach(
          (kind, size) -> {
            kinds.add(kind);
            sizes.add(size);
          });
      serves = new boolean[kinds.size()][zones.size()];
      for (int i = 0; i < serves.length; i++) {
        for (String zone : kinds.get(i)) {
          serves[i][zones.indexOf(zone)] = true;
        }
      }
    }

    int size() {
      return sizes.stream().mapToInt(Integer::intValue).sum();
    }
  }

  /**
   * Spreads as evenly as it can.
   *
   * @param zones the zones of the group; the first get more if not all can have the same
   * @param addresses for each network how many addresses there are of each set of zones, all of
   *     them zones of the group; as many in each network
   * @return empty if the networks don't go together
   */
  public static Optional<ZoneSpread> of(
      List<String> zones, List<Map<List<String>, Integer>> addresses) {
    ZoneSpread spread = new ZoneSpread(zones, addresses);
    int size = spread.networks.get(0).size();
    for (Network network : spread.networks) {
      if (network.size() != size) {
        throw new IllegalArgumentException("networks of " + size + " and " + network.size());
      }
    }
    if (!spread.isPossible() || !spread.search(0, size)) {
      return Optional.empty();
    }
    while (spread.evenOut()) {}
    return Optional.of(spread);
  }

  /** Returns how many instances a zone has. */
  public int instances(String zone) {
    return counts[zones.indexOf(zone)];
  }

  /**
   * Returns how many addresses of each set of zones are used in each of them.
   *
   * @param network the number of the network
   */
  public Map<List<String>, Map<String, Integer>> shares(int network) {
    Network of = networks.get(network);
    int first = 1 + of.kinds.size();
    Flow flow = new Flow(first + zones.size() + 1);
    addKinds(flow, of, first);
    for (int z = 0; z < counts.length; z++) {
      flow.edge(first + z, first + zones.size(), counts[z]);
    }
    flow.send();
    Map<List<String>, Map<String, Integer>> shares = new LinkedHashMap<>();
    for (int i = 0; i < of.kinds.size(); i++) {
      Map<String, Integer> share = new LinkedHashMap<>();
      for (String zone : of.kinds.get(i)) {
        share.put(zone, flow.sent(1 + i, first + zones.indexOf(zone)));
      }
      shares.put(of.kinds.get(i), share);
    }
    return shares;
  }

  private void addKinds(Flow flow, Network network, int firstZone) {
    for (int i = 0; i < network.kinds.size(); i++) {
      flow.edge(0, 1 + i, network.sizes.get(i));
      for (int z = 0; z < zones.size(); z++) {
        if (network.serves[i][z]) {
          flow.edge(1 + i, firstZone + z, network.sizes.get(i));
        }
      }
    }
  }

  /** Fills the zones from that one on; the first way that works is taken. */
  private boolean search(int zone, int left) {
    if (zone == counts.length) {
      return left == 0;
    }
    int[] limits = limits(zone, left);
    int open = counts.length - zone;
    int fair = Math.max(limits[0], Math.min(limits[1], (left + open - 1) / open));
    for (int away = 0; away <= limits[1] - limits[0]; away++) {
      for (int count : away == 0 ? new int[] {fair} : new int[] {fair - away, fair + away}) {
        if (count < limits[0] || count > limits[1] || ++tries > MOST_TRIES) {
          continue;
        }
        counts[zone] = count;
        if (isPossible() && search(zone + 1, left - count)) {
          return true;
        }
      }
    }
    counts[zone] = OPEN;
    return false;
  }

  /** Returns the fewest and the most a zone can have if only two networks are compared at once. */
  private int[] limits(int zone, int left) {
    int[] limits = {0, left};
    for (int a = 0; a < networks.size(); a++) {
      for (int b = Math.min(a + 1, networks.size() - 1); b < networks.size(); b++) {
        if (a < b || networks.size() == 1) {
          narrow(zone, networks.get(a), networks.get(b), limits);
        }
      }
    }
    return limits;
  }

  /** What works for two networks has no gaps, so that halving finds its ends. */
  private void narrow(int zone, Network a, Network b, int[] limits) {
    int works = sentThrough(zone, a, b);
    int low = limits[0];
    int high = works;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (agree(zone, middle, a, b)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    int most = limits[1];
    int least = works;
    while (least < most) {
      int middle = (least + most + 1) >>> 1;
      if (agree(zone, middle, a, b)) {
        least = middle;
      } else {
        most = middle - 1;
      }
    }
    limits[0] = Math.max(limits[0], low);
    limits[1] = Math.min(limits[1], most);
  }

  private boolean agree(int zone, int count, Network a, Network b) {
    counts[zone] = count;
    boolean agree = agree(a, b);
    counts[zone] = OPEN;
    return agree;
  }

  /** Whether every two networks agree on the zones that are open, given those that are not. */
  private boolean isPossible() {
    for (int a = 0; a < networks.size(); a++) {
      for (int b = 0; b < a; b++) {
        if (!agree(networks.get(a), networks.get(b))) {
          return false;
        }
      }
    }
    return networks.size() > 1 || agree(networks.get(0), networks.get(0));
  }

  private boolean agree(Network a, Network b) {
    int fixed = 0;
    for (int count : counts) {
      fixed += Math.max(0, count);
    }
    return flow(a, b).send() == a.size() + fixed;
  }

  private int sentThrough(int zone, Network a, Network b) {
    Flow flow = flow(a, b);
    flow.send();
    int entry = 1 + a.kinds.size() + zone;
    return flow.sent(entry, entry + zones.size());
  }

  /**
   * From the addresses of one network, each into a zone of its own, to those of the other. A zone
   * that is not open takes in exactly its count and gives out exactly its count, so that it is an
   * end for one network and a beginning for the other.
   */
  private Flow flow(Network a, Network b) {
    int entry = 1 + a.kinds.size();
    int exit = entry + zones.size();
    int kinds = exit + zones.size();
    int end = kinds + b.kinds.size();
    Flow flow = new Flow(end + 1);
    addKinds(flow, a, entry);
    for (int z = 0; z < counts.length; z++) {
      if (counts[z] == OPEN) {
        flow.edge(entry + z, exit + z, a.size());
      } else {
        flow.edge(entry + z, end, counts[z]);
        flow.edge(0, exit + z, counts[z]);
      }
    }
    for (int i = 0; i < b.kinds.size(); i++) {
      flow.edge(kinds + i, end, b.sizes.get(i));
      for (int z = 0; z < counts.length; z++) {
        if (b.serves[i][z]) {
          flow.edge(exit + z, kinds + i, b.sizes.get(i));
        }
      }
    }
    return flow;
  }

  /** Moves instances from a fuller zone to an emptier one, if all networks allow it. */
  private boolean evenOut() {
    for (int from = 0; from < counts.length; from++) {
      for (int to = 0; to < counts.length; to++) {
        for (int some = (counts[from] - counts[to]) / 2; some > 0; some /= 2) {
          counts[from] -= some;
          counts[to] += some;
          if (isPossible()) {
            return true;
          }
          counts[from] += some;
          counts[to] -= some;
        }
      }
    }
    return false;
  }
}
