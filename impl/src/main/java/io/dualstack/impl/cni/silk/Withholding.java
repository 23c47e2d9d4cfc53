package io.dualstack.impl.cni.silk;

import io.dualstack.cni.AddressRange;
import io.dualstack.cni.IpamConfig;
import io.dualstack.cni.RangeSet;
import io.dualstack.net.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Takes addresses out of what is handed out, by splitting the ranges around them. */
final class Withholding {
  private Withholding() {}

  /**
   * Returns the same sets without these addresses.
   *
   * @throws IllegalArgumentException if nothing is left of a set
   */
  static IpamConfig of(IpamConfig config, Collection<IpAddress> addresses) {
    return new IpamConfig(
        config.name(),
        config.dataDir(),
        config.ranges().stream().map(set -> of(set, addresses)).toList(),
        config.routes(),
        config.resolvConf());
  }

  private static RangeSet of(RangeSet set, Collection<IpAddress> addresses) {
    List<AddressRange> left = new ArrayList<>();
    for (AddressRange range : set.ranges()) {
      IpAddress start = range.rangeStart();
      for (IpAddress hit : new TreeSet<>(addresses.stream().filter(range::contains).toList())) {
        if (start.compareTo(hit) < 0) {
          left.add(part(range, start, hit.plus(-1)));
        }
        // What follows the last address of all is never looked at.
        start = hit.next().orElse(hit);
      }
      if (range.contains(start) && !addresses.contains(start)) {
        left.add(part(range, start, range.rangeEnd()));
      }
    }
    if (left.isEmpty()) {
      throw new IllegalArgumentException(set + ": all of it are addresses of the host itself");
    }
    return new RangeSet(left);
  }

  private static AddressRange part(AddressRange range, IpAddress first, IpAddress last) {
    return new AddressRange(range.subnet(), first, last, range.gateway());
  }
}
