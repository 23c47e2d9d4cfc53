package io.dualstack.impl.cni.silk;

import static io.dualstack.impl.cni.protocol.Steps.step;

import io.dualstack.Meters;
import io.dualstack.cell.Container;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.cni.CniResult;
import io.dualstack.cni.CniVersion;
import io.dualstack.cni.Ipam;
import io.dualstack.impl.cni.link.SourceGuard;
import io.dualstack.impl.cni.protocol.CniCall;
import io.dualstack.impl.cni.protocol.CniPlugin;
import io.dualstack.impl.cni.protocol.Fields;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.lease.LeasedNetworks;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * silk-cni as container runtimes call it. Configuration: {@code dataDir}, {@code datastore}, {@code
 * daemonPort} or {@code subnetFile}, {@code mtu}, and of our own {@code proxyNdpDevice}.
 *
 * <p>Other than the original it undoes a failed ADD whole, checks for CHECK, and forgets a
 * container whose namespace was gone before DEL.
 */
public final class SilkPlugin implements CniPlugin {
  private final Ipam ipam;
  private final Namespace host;
  private final SourceGuard guard;
  private final Meters meters;

  /**
   * Creates the plugin.
   *
   * @param host where host ends are made, and the daemon is asked
   */
  public SilkPlugin(Ipam ipam, Namespace host) {
    this(ipam, host, Meters.NONE);
  }

  /**
   * Creates the plugin.
   *
   * @param host where host ends are made, and the daemon is asked
   * @param meters are told how long attaching and detaching take
   */
  public SilkPlugin(Ipam ipam, Namespace host, Meters meters) {
    this.meters = meters;
    this.ipam = ipam;
    this.host = host;
    this.guard = new SourceGuard(host);
  }

  @Override
  public String about() {
    return "CNI silk plugin of Dualstack";
  }

  @Override
  public List<CniVersion> versions() {
    return Arrays.stream(CniVersion.values())
        .filter(version -> version.isAtLeast(CniVersion.V0_3_0))
        .toList();
  }

  @Override
  public CniResult add(CniCall call) {
    return network(call).attach(container(call));
  }

  @Override
  public void del(CniCall call) {
    network(call).detach(call.attachment(), call.netns().isEmpty() ? null : Path.of(call.netns()));
  }

  @Override
  public void check(CniCall call) {
    CniResult attached =
        call.config()
            .prevResult()
            .orElseThrow(
                () ->
                    new CniException(
                        CniErrorCode.INVALID_CONFIGURATION,
                        "prevResult: is missing; CHECK needs it"));
    network(call).check(container(call), attached);
  }

  @Override
  public void gc(CniCall call) {
    network(call).collect(call.config().validAttachments());
  }

  @Override
  public void status(CniCall call) {
    network(call).checkAvailable();
  }

  private static Container container(CniCall call) {
    return new Container(call.containerId(), Path.of(call.netns()), call.ifName());
  }

  private VethNetwork network(CniCall call) {
    Fields fields = call.config().fields();
    int mtu = fields.number("mtu");
    if (mtu < 0) {
      throw invalid("mtu: %d: is negative; use 0 for the network's".formatted(mtu));
    }
    VethNetwork.Setting setting =
        new VethNetwork.Setting(
            call.config().name(),
            path(fields, "dataDir"),
            path(fields, "datastore"),
            mtu,
            fields.text("proxyNdpDevice"));
    String subnetFile = fields.text("subnetFile");
    int port = fields.number("daemonPort");
    return new VethNetwork(
        setting, () -> networks(subnetFile, port), ipam, host, guard, Shutter.NONE, meters);
  }

  private LeasedNetworks networks(String subnetFile, int port) {
    if (!subnetFile.isEmpty()) {
      return NetworkInfo.fromFile(Path.of(subnetFile));
    }
    return host.call(() -> step("discover network info", () -> NetworkInfo.fromDaemon(port)));
  }

  private static Path path(Fields fields, String key) {
    String text = fields.text(key);
    if (text.isEmpty()) {
      throw invalid(key + ": is missing; give a path");
    }
    return Path.of(text);
  }

  private static CniException invalid(String details) {
    return new CniException(CniErrorCode.STEP_FAILED, "invalid config", details, null);
  }
}
