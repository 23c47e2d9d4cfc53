package io.dualstack.impl.cli;

import io.dualstack.cni.IpamDurability;
import io.dualstack.impl.cni.hostlocal.HostLocalIpam;
import io.dualstack.impl.cni.hostlocal.HostLocalPlugin;
import io.dualstack.impl.cni.protocol.CniPlugin;
import io.dualstack.impl.cni.protocol.PluginSkeleton;
import io.dualstack.impl.cni.silk.SilkPlugin;
import io.dualstack.impl.cni.wrapper.WrapperPlugin;
import io.dualstack.impl.kernel.Namespace;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Entry point of installed plugins, past the command line: a call pays for what it needs only. */
public final class PluginMain {
  private PluginMain() {}

  /**
   * Serves one call and ends the virtual machine with its exit code.
   *
   * @param args the name of the plugin, or that of the networker and its arguments
   */
  public static void main(String[] args) {
    String name = args.length == 0 ? "silk-cni" : args[0];
    PluginSkeleton.Answer answer =
        name.equals(GardenCall.NAME)
            ? GardenCall.serve(Arrays.asList(args).subList(1, args.length), System.in)
            : serve(name);
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    out.print(answer.stdout());
    out.flush();
    System.err.print(answer.stderr());
    Runtime.getRuntime().halt(answer.exitCode());
  }

  static PluginSkeleton.Answer serve(String name) {
    return new PluginSkeleton(plugin(name)).serve(System.getenv(), System.in);
  }

  private static CniPlugin plugin(String name) {
    HostLocalIpam ipam = new HostLocalIpam(IpamDurability.DURABLE);
    SilkPlugin silk = new SilkPlugin(ipam, Namespace.own());
    return switch (name) {
      case "host-local" -> new HostLocalPlugin(ipam);
      case "cni-wrapper-plugin" -> new WrapperPlugin(Namespace.own(), Map.of("silk-cni", silk));
      default -> silk;
    };
  }
}
