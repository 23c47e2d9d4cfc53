package io.dualstack.impl.policy.store.jdbc;

import io.dualstack.firewall.Traffic;
import io.dualstack.impl.http.JsonBody.MalformedException;
import io.dualstack.impl.policy.PolicyJson;
import io.dualstack.net.IpFamily;
import io.dualstack.net.PortRange;
import io.dualstack.net.Protocol;
import io.dualstack.policy.BoundSecurityGroup;
import io.dualstack.policy.NetworkPolicy;
import io.dualstack.policy.PolicyDestination;
import io.dualstack.policy.PolicyGroup;
import io.dualstack.policy.PolicyTag;
import io.dualstack.policy.TaggedPolicy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeSet;

/** Makes values of rows, whoever wrote them. */
public final class PolicyRows {

  private final int tagLength;

  PolicyRows(int tagLength) {
    this.tagLength = tagLength;
  }

  /** A row that makes no sense. */
  public static final class DamagedRowException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DamagedRowException(String row, Exception cause) {
      super("the row " + row + " makes no sense: " + cause.getMessage(), cause);
    }
  }

  /** The columns of a policy p from an application s to d, which may be an application g. */
  static final String POLICY =
      " p.id, s.guid, s.id, g.guid, g.id, d.protocol, d.start_port, d.end_port, d.ips,"
          + " d.icmp_type, d.icmp_code FROM ";

  TaggedPolicy policy(ResultSet row) throws SQLException {
    try {
      String guid = row.getString(4);
      return new TaggedPolicy(
          new NetworkPolicy(row.getString(2), guid == null ? addresses(row) : app(row, guid)),
          tag(row.getInt(3)),
          guid == null ? null : tag(row.getInt(5)));
    } catch (IllegalArgumentException | MalformedException e) {
      throw new DamagedRowException(row.getString(1) + " of policies", e);
    }
  }

  private static PolicyDestination app(ResultSet row, String guid) throws SQLException {
    return new PolicyDestination.App(guid, Protocol.parse(row.getString(6)), ports(row));
  }

  private static PortRange ports(ResultSet row) throws SQLException {
    return new PortRange(row.getInt(7), row.getInt(8));
  }

  private static PolicyDestination addresses(ResultSet row)
      throws SQLException, MalformedException {
    String protocol = row.getString(6);
    Traffic traffic =
        switch (protocol) {
          case "icmp" -> new Traffic.Icmp(IpFamily.IPV4, row.getInt(10), row.getInt(11));
          case "icmpv6" -> new Traffic.Icmp(IpFamily.IPV6, row.getInt(10), row.getInt(11));
          default -> new Traffic.Ports(Protocol.parse(protocol), List.of(ports(row)));
        };
    return new PolicyDestination.Addresses(
        PolicyJson.readRanges(PolicyJson.read(row.getString(9))), traffic);
  }

  /** Reads {@code guid, type, id}. */
  PolicyGroup group(ResultSet row) throws SQLException {
    try {
      return new PolicyGroup(row.getString(1), row.getString(2), tag(row.getInt(3)));
    } catch (IllegalArgumentException e) {
      throw new DamagedRowException(row.getString(3) + " of groups", e);
    }
  }

  private PolicyTag tag(int id) {
    return new PolicyTag(id, tagLength);
  }

  static final String SECURITY_GROUP =
      "SELECT id, guid, name, rules, staging_default, running_default, staging_spaces,"
          + " running_spaces FROM security_groups";

  BoundSecurityGroup securityGroup(ResultSet row) throws SQLException {
    try {
      return new BoundSecurityGroup(
          row.getString(2),
          row.getString(3),
          PolicyJson.readRules(PolicyJson.read(row.getString(4))),
          row.getBoolean(5),
          row.getBoolean(6),
          new TreeSet<>(PolicyJson.readTexts(PolicyJson.read(row.getString(7)))),
          new TreeSet<>(PolicyJson.readTexts(PolicyJson.read(row.getString(8)))));
    } catch (IllegalArgumentException | MalformedException e) {
      throw new DamagedRowException(row.getString(1) + " of security_groups", e);
    }
  }
}
