package io.dualstack.impl.cni.garden;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.impl.cni.protocol.CniJson;
import io.dualstack.impl.cni.protocol.Fields;
import io.dualstack.impl.cni.protocol.GoJson;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.net.PortRange;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The actions by which Guardian calls its networker: JSON on standard input, JSON on standard
 * output.
 *
 * <p>Guardian knows five. {@code up} and {@code down} do all the work. {@code net-in}, {@code
 * net-out} and {@code bulk-net-out} would change the ports and rules of a container that runs; as
 * with the original they are refused, since plugins apply both in {@code up}, and rules that change
 * later are the policy agent's. What they ask for is read and checked all the same, and a list
 * without rules is nothing to do.
 */
public final class GardenAction {
  private static final String RULES_TRAVEL_IN_UP =
      "its rules travel in up (\"netout_rules\"), later ones are the policy agent's";

  private GardenAction() {}

  /**
   * Serves a call.
   *
   * @param action one of the five
   * @param handle the container
   * @param host the namespace plugins run in
   * @param notes told what does no harm to the call
   * @return what goes to standard output
   * @throws io.dualstack.DualstackException if it is refused or fails
   */
  public static String serve(
      String action,
      String handle,
      GardenConfig config,
      InputStream stdin,
      Namespace host,
      Consumer<String> notes)
      throws IOException {
    switch (action) {
      case "up" -> {
        UpRequest request = UpRequest.read(input(stdin));
        return GoJson.text(new GardenNetwork(config, host, notes).up(handle, request)) + "\n";
      }
      case "down" -> {
        new GardenNetwork(config, host, notes).down(handle);
        return "";
      }
      case "net-in" -> {
        Fields input = input(stdin);
        throw refused(
            action,
            "%s:%d can't lead to %s:%d now; ports travel in up (\"netin\")"
                .formatted(
                    input.address("HostIP"),
                    input.number("HostPort", PortRange.MAX),
                    input.address("ContainerIP"),
                    input.number("ContainerPort", PortRange.MAX)));
      }
      case "net-out" -> {
        Fields input = input(stdin);
        @Nullable Fields rule = input.objectOrNull("netout_rule");
        if (rule == null) {
          throw input.refused("netout_rule", "is missing");
        }
        NetOutRules.check(rule);
        throw refused(action, RULES_TRAVEL_IN_UP);
      }
      case "bulk-net-out" -> {
        Fields input = input(stdin);
        NetOutRules.checkAll(input, "netout_rules");
        if (input.elements("netout_rules").isEmpty()) {
          return "";
        }
        throw refused(action, RULES_TRAVEL_IN_UP);
      }
      default ->
          throw new InvalidConfigurationException(
              List.of(
                  Diagnostic.error(
                      "", "ActionUnknown", "unrecognized action: " + action + "; use up or down")));
    }
  }

  private static Fields input(InputStream stdin) throws IOException {
    return Fields.of(
        CniJson.parse("standard input", stdin.readAllBytes()), CniErrorCode.INVALID_CONFIGURATION);
  }

  private static InvalidConfigurationException refused(String action, String instead) {
    return new InvalidConfigurationException(
        List.of(
            Diagnostic.error(
                "",
                "ActionNotServed",
                "%s: is not served for a container that is up: %s".formatted(action, instead))));
  }
}
