package io.dualstack.impl.cni.hostlocal;

import io.dualstack.cni.CniResult;
import io.dualstack.cni.CniVersion;
import io.dualstack.cni.Ipam;
import io.dualstack.impl.cni.protocol.CniCall;
import io.dualstack.impl.cni.protocol.CniPlugin;
import java.util.List;

/** The commands of host-local, with the two that the original lacks: GC and STATUS. */
public final class HostLocalPlugin implements CniPlugin {
  private final Ipam ipam;

  /** Creates the plugin over an IPAM. */
  public HostLocalPlugin(Ipam ipam) {
    this.ipam = ipam;
  }

  @Override
  public String about() {
    return "CNI host-local plugin, Dualstack";
  }

  @Override
  public List<CniVersion> versions() {
    return List.of(CniVersion.values());
  }

  @Override
  public CniResult add(CniCall call) {
    HostLocalCall asked = HostLocalCall.read(call.config(), call.args());
    return ipam.add(asked.config(), call.attachment(), asked.requested());
  }

  @Override
  public void del(CniCall call) {
    var unused =
        ipam.release(HostLocalCall.read(call.config(), call.args()).config(), call.attachment());
  }

  @Override
  public void check(CniCall call) {
    ipam.check(HostLocalCall.read(call.config(), call.args()).config(), call.attachment());
  }

  @Override
  public void gc(CniCall call) {
    var unused =
        ipam.collect(
            HostLocalCall.read(call.config(), call.args()).config(),
            call.config().validAttachments());
  }

  @Override
  public void status(CniCall call) {
    ipam.status(HostLocalCall.read(call.config(), call.args()).config());
  }
}
