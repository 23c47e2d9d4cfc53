package io.dualstack.impl.cli;

import io.dualstack.cni.IpamDurability;
import io.dualstack.impl.cni.hostlocal.HostLocalIpam;
import io.dualstack.impl.cni.hostlocal.HostLocalPlugin;
import io.dualstack.impl.cni.protocol.PluginSkeleton;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The IPAM plugin host-local as a container runtime calls it: environment, JSON in, JSON out. */
@Command(
    name = "ipam",
    description = {
      "Serves one CNI call as the IPAM plugin host-local does.",
      "The call is in the environment (CNI_COMMAND and others), the configuration on standard"
          + " input; result or error is JSON on standard output."
    },
    mixinStandardHelpOptions = true,
    footer =
        "CNI_COMMAND=ADD CNI_CONTAINERID=c1 CNI_NETNS=/run/netns/c1 CNI_IFNAME=eth0 CNI_PATH=/opt/cni/bin dualstack ipam < network.json")
final class IpamCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--no-sync",
      description = "Answers without waiting for the disk, as the original plugin does.")
  private boolean noSync;

  @Override
  public Integer call() {
    IpamDurability durability = noSync ? IpamDurability.PROCESS : IpamDurability.DURABLE;
    PluginSkeleton.Answer answer =
        new PluginSkeleton(new HostLocalPlugin(new HostLocalIpam(durability)))
            .serve(System.getenv(), System.in);
    return PluginAnswer.print(spec.commandLine(), answer);
  }
}
