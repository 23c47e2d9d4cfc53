package io.dualstack.impl.lease.http;

import static io.dualstack.impl.http.JsonBody.array;
import static io.dualstack.impl.http.JsonBody.bytes;
import static io.dualstack.impl.http.JsonBody.flag;
import static io.dualstack.impl.http.JsonBody.object;
import static io.dualstack.impl.http.JsonBody.read;
import static io.dualstack.impl.http.JsonBody.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.http.JsonBody.MalformedException;
import io.dualstack.lease.CellLease;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.MacAddress;
import java.util.ArrayList;
import java.util.List;

/** The bodies of requests and answers, byte for byte as Go's encoder writes them. */
final class LeaseJson {

  private static final String UNDERLAY_IP = "underlay_ip";
  private static final String OVERLAY_SUBNET = "overlay_subnet";
  private static final String HARDWARE_ADDRESS = "overlay_hardware_addr";

  private LeaseJson() {}

  // Writing

  static byte[] lease(CellLease lease) {
    return bytes(node(lease));
  }

  static byte[] leases(List<CellLease> leases) {
    ObjectNode body = object();
    ArrayNode array = body.putArray("leases");
    leases.forEach(lease -> array.add(node(lease)));
    return bytes(body);
  }

  static byte[] acquisition(IpAddress underlayIp, boolean single) {
    return bytes(object().put(UNDERLAY_IP, underlayIp.toString()).put("single_overlay_ip", single));
  }

  static byte[] release(IpAddress underlayIp) {
    return bytes(object().put(UNDERLAY_IP, underlayIp.toString()));
  }

  private static ObjectNode node(CellLease lease) {
    return object()
        .put(UNDERLAY_IP, lease.underlayIp().toString())
        .put(OVERLAY_SUBNET, lease.overlaySubnet().toString())
        .put(HARDWARE_ADDRESS, lease.hardwareAddress().toString());
  }

  // Reading

  record Acquisition(String underlayIp, boolean single) {}

  /** A lease whose values nobody has looked at. */
  record Claim(String underlayIp, String overlaySubnet, String hardwareAddress) {

    /**
     * Reads the values.
     *
     * @throws IllegalArgumentException if one is not what it should be
     */
    CellLease lease() {
      IpAddress underlay =
          IpAddress.tryParse(underlayIp)
              .orElseThrow(
                  () -> new IllegalArgumentException("invalid underlay ip: " + underlayIp));
      IpPrefix subnet =
          IpPrefix.tryParse(overlaySubnet)
              .orElseThrow(
                  () -> new IllegalArgumentException("invalid CIDR address: " + overlaySubnet));
      MacAddress hardware =
          MacAddress.tryParse(hardwareAddress)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "address " + hardwareAddress + ": invalid MAC address"));
      return new CellLease(underlay, subnet, hardware);
    }
  }

  static Acquisition readAcquisition(byte[] body) throws MalformedException {
    JsonNode node = read(body);
    return new Acquisition(text(node, UNDERLAY_IP), flag(node, "single_overlay_ip"));
  }

  static Claim readClaim(byte[] body) throws MalformedException {
    return claim(read(body));
  }

  static String readUnderlayIp(byte[] body) throws MalformedException {
    return text(read(body), UNDERLAY_IP);
  }

  static List<Claim> readClaims(byte[] body) throws MalformedException {
    List<Claim> claims = new ArrayList<>();
    for (JsonNode node : array(read(body), "leases")) {
      claims.add(claim(node));
    }
    return claims;
  }

  private static Claim claim(JsonNode node) throws MalformedException {
    return new Claim(
        text(node, UNDERLAY_IP), text(node, OVERLAY_SUBNET), text(node, HARDWARE_ADDRESS));
  }
}
