package io.dualstack.impl.cni.garden;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.Attachment;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.cni.CniInterface;
import io.dualstack.cni.CniIp;
import io.dualstack.cni.CniResult;
import io.dualstack.impl.cni.protocol.CniJson;
import io.dualstack.impl.cni.protocol.GoJson;
import io.dualstack.impl.cni.runtime.NetworkList;
import io.dualstack.impl.cni.runtime.NetworkRuntime;
import io.dualstack.impl.cni.runtime.Place;
import io.dualstack.impl.kernel.BindMount;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.impl.kernel.Sysctls;
import io.dualstack.impl.kernel.Undo;
import io.dualstack.net.IpFamily;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Containers of Garden on a CNI network.
 *
 * <p>The steps of {@code up}, each undone if a later one fails: the container's namespace gets a
 * name of its own, mappings without a port of the host get one, the plugins are called, connections
 * are redirected to the container's proxy. {@code down} takes back whatever of that is there, also
 * what an {@code up} left that was killed.
 *
 * <p>Everything about a container travels in {@code up}. IPv6 is what the plugins answer: nothing
 * here maps ports of IPv6 addresses, which containers have of their own.
 */
final class GardenNetwork {
  private static final String INTERFACE = "eth0";

  private final GardenConfig config;
  private final Namespace host;
  private final Consumer<String> notes;
  private final NetworkRuntime runtime;
  private final PortPool ports;
  private final ProxyRedirect redirect;

  /**
   * Creates it.
   *
   * @param host the namespace plugins run in, and no container may be in
   * @param notes told what does no harm to the call
   */
  GardenNetwork(GardenConfig config, Namespace host, Consumer<String> notes) {
    this.config = config;
    this.host = host;
    this.notes = notes;
    this.runtime =
        new NetworkRuntime(host, List.of(config.pluginDirectory()), config.cacheDirectory(), notes);
    this.ports = new PortPool(config.stateFile(), config.ports());
    this.redirect = new ProxyRedirect(config.redirect());
  }

  /**
   * Puts a container on the network.
   *
   * @return what Guardian stores about it
   * @throws io.dualstack.DualstackException if that fails; then nothing is left of it
   */
  ObjectNode up(String handle, UpRequest request) throws IOException {
    Attachment attachment = new Attachment(handle, INTERFACE);
    Path mounted = config.bindMountDirectory().resolve(handle);
    NetworkList configured = NetworkList.in(config.configDirectory(), notes);
    checkCanBeUp(handle, mounted, request);
    try (Namespace container = Namespace.open(request.namespace())) {
      checkCanBeEntered(container);
      return attach(container, request, configured, attachment, mounted);
    }
  }

  private ObjectNode attach(
      Namespace container,
      UpRequest request,
      NetworkList configured,
      Attachment attachment,
      Path mounted) {
    String handle = attachment.containerId();
    Undo undo = new Undo();
    try {
      BindMount.mount(request.namespace(), mounted);
      undo.add(() -> BindMount.remove(mounted));
      List<PortMapping> mappings = ports.acquire(handle, request.netIn().orElse(List.of()));
      undo.add(() -> ports.release(handle));
      Place place =
          new Place(
              PluginConfig.extend(configured, request, request.netIn().map(none -> mappings)),
              attachment,
              mounted);
      CniResult result = runtime.add(place, PluginConfig.capabilities(mappings));
      undo.add(() -> runtime.del(place));
      ObjectNode answer = answer(result, mappings);
      for (IpFamily family : IpFamily.values()) {
        if (first(result, family).isPresent()) {
          redirect.apply(container, family);
          undo.add(() -> redirect.remove(container, family));
        }
      }
      return answer;
    } catch (IOException e) {
      UncheckedIOException failure = new UncheckedIOException(e);
      undo.run(failure);
      throw failure;
    } catch (RuntimeException e) {
      undo.run(e);
      throw e;
    }
  }

  /** Undoing a second {@code up} would take off what the first one made. */
  private static void checkCanBeUp(String handle, Path mounted, UpRequest request)
      throws IOException {
    if (BindMount.isMounted(mounted)) {
      throw new CniException(
          CniErrorCode.INVALID_CONFIGURATION,
          "%s: is up, or what a killed up left is there: %s is mounted; run down first"
              .formatted(handle, mounted));
    }
    if (!Files.exists(request.namespace())) {
      throw new CniException(
          CniErrorCode.INVALID_NAMESPACE,
          "Pid: there is no %s; name a process that runs, or hand over its namespace as descriptor 3"
              .formatted(request.namespace()));
    }
  }

  /** Nor would undoing, or {@code down}, spare a device that somebody else made there. */
  private void checkCanBeEntered(Namespace container) {
    if (container.isSameAs(host)) {
      throw new CniException(
          CniErrorCode.INVALID_NAMESPACE,
          "Pid: %s is the host's own network namespace; the container needs another"
              .formatted(container));
    }
    if (Sysctls.read(container, "ipv4/conf/" + INTERFACE + "/forwarding").isPresent()) {
      throw new CniException(
          CniErrorCode.INVALID_NAMESPACE,
          "Pid: %s has a device %s already; remove it, or name another namespace"
              .formatted(container, INTERFACE));
    }
  }

  private ObjectNode answer(CniResult result, List<PortMapping> mappings) {
    CniIp ipv4 =
        first(result, IpFamily.IPV4)
            .orElseThrow(
                () ->
                    new CniException(
                        CniErrorCode.INTERNAL,
                        "the plugins' result has no IPv4 address; configure one, it is not optional"));
    ObjectNode answer = CniJson.object();
    ObjectNode properties = answer.putObject("properties");
    properties.put("garden.network.container-ip", ipv4.address().address().toString());
    first(result, IpFamily.IPV6)
        .ifPresent(
            ipv6 ->
                properties.put(
                    "garden.network.container-ipv6", ipv6.address().address().toString()));
    properties.put("garden.network.host-ip", "255.255.255.255");
    properties.put("garden.network.mapped-ports", text(mappings));
    properties.put("garden.network.interface", device(result, ipv4).name());
    putTexts(answer, "dns_servers", result.dns().nameservers());
    putTexts(answer, "search_domains", config.searchDomains());
    return answer;
  }

  private static Optional<CniIp> first(CniResult result, IpFamily family) {
    return result.ips().stream().filter(ip -> ip.address().family() == family).findFirst();
  }

  private static CniInterface device(CniResult result, CniIp ip) {
    @Nullable Integer index = ip.interfaceIndex();
    if (index == null || index < 0 || index >= result.interfaces().size()) {
      throw new CniException(
          CniErrorCode.INTERNAL,
          "the plugins' result has %s on interface %s, of %d interfaces"
              .formatted(ip.address(), index, result.interfaces().size()));
    }
    return result.interfaces().get(index);
  }

  private static String text(List<PortMapping> mappings) {
    ArrayNode array = CniJson.object().arrayNode();
    mappings.forEach(
        each ->
            array
                .addObject()
                .put("HostPort", each.hostPort())
                .put("ContainerPort", each.containerPort()));
    return GoJson.text(array);
  }

  private static void putTexts(ObjectNode object, String key, List<String> texts) {
    if (!texts.isEmpty()) {
      ArrayNode array = object.putArray(key);
      texts.forEach(array::add);
    }
  }

  /**
   * Takes a container off the network; succeeds if it isn't on it.
   *
   * @throws io.dualstack.DualstackException if a plugin fails; then the namespace keeps its name,
   *     so that the call can be made again
   */
  void down(String handle) throws IOException {
    Attachment attachment = new Attachment(handle, INTERFACE);
    Path mounted = config.bindMountDirectory().resolve(handle);
    if (!BindMount.isMounted(mounted)) {
      // After a restart of the machine: plugins take it for a namespace that can't be entered.
      Files.deleteIfExists(mounted);
    }
    runtime.del(new Place(NetworkList.in(config.configDirectory(), notes), attachment, mounted));
    attempt("unmounting " + mounted, () -> BindMount.remove(mounted));
    attempt("releasing ports", () -> ports.release(handle));
  }

  private void attempt(String what, Undo.Step step) {
    try {
      step.run();
    } catch (Exception e) {
      notes.accept(what + ": " + e.getMessage());
    }
  }
}
