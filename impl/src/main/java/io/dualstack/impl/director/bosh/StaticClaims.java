package io.dualstack.impl.director.bosh;

import io.dualstack.net.IpRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All static addresses of a manifest, of which no two may share one, whatever their networks. */
final class StaticClaims {

  private record Claim(int index, YamlValue at, IpRange range) {}

  private final List<Claim> claims = new ArrayList<>();

  /** Notes that an item of {@code static_ips} stands for these addresses. */
  void add(YamlValue at, IpRange range) {
    claims.add(new Claim(claims.size(), at, range));
  }

  /** Reports every claim that shares addresses with an earlier one. */
  void refuseSharing(Findings findings) {
    claims.sort(Comparator.comparing(Claim::range).thenComparingInt(Claim::index));
    Claim widest = null;
    for (Claim next : claims) {
      if (widest != null && widest.range().overlaps(next.range())) {
        Claim later = widest.index() > next.index() ? widest : next;
        Claim earlier = widest.index() > next.index() ? next : widest;
        findings.error(
            later.at().place(),
            "JobInvalidStaticIPs",
            "%s: is static already in %s (line %d); give each instance addresses of its own"
                .formatted(later.at().shown(), earlier.at().path(), earlier.at().place().line()));
      }
      if (widest == null || widest.range().last().compareTo(next.range().last()) < 0) {
        widest = next;
      }
    }
  }
}
