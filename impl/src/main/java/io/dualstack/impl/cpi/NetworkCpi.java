package io.dualstack.impl.cpi;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.DualstackException;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.Owner;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.impl.cpi.CpiFault.Kind;
import io.dualstack.net.AddressSyntaxException;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.AttachOutcome;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicRequest;
import io.dualstack.provider.ProviderPool;
import io.dualstack.provider.ProviderSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Serves requests of a director: the network part of machines and networks, by a provider. A
 * machine's identifier is the one that its agent has; what is compute, storage or stemcell is
 * answered {@code NotImplemented}, for a CPI that has those to serve itself.
 *
 * <p>Asking again for the same machine changes nothing, so that a call that was cut off is finished
 * by the next. Not thread-safe; one object serves one call.
 */
public final class NetworkCpi {
  /** The latest version of the protocol that is spoken. */
  public static final int API_VERSION = 2;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OWNERS = "cpi/";

  /** A machine has one life, as its agent has one identifier. */
  private static final String LIFE = "1";

  private static final Set<String> COMPUTE =
      Set.of(
          "attach_disk",
          "calculate_vm_cloud_properties",
          "configure_networks",
          "create_disk",
          "create_stemcell",
          "current_vm_id",
          "delete_disk",
          "delete_snapshot",
          "delete_stemcell",
          "detach_disk",
          "get_disks",
          "has_disk",
          "reboot_vm",
          "resize_disk",
          "set_disk_metadata",
          "set_vm_metadata",
          "snapshot_disk",
          "update_disk");

  private final Function<NetworkSet, ProviderSession> provider;
  private final List<String> log = new ArrayList<>();

  /**
   * Creates a server.
   *
   * @param provider opens the provider with the networks that a call is about
   */
  public NetworkCpi(Function<NetworkSet, ProviderSession> provider) {
    this.provider = provider;
  }

  /**
   * Serves a request. Never throws for what is wrong with it, or with the infrastructure.
   *
   * @param request one JSON object
   * @return one JSON object with result, error and log
   */
  public String serve(String request) {
    ObjectNode answer = JSON.createObjectNode();
    try {
      JsonNode result = dispatch(CpiCall.parse(request));
      answer.set("result", result);
      answer.putNull("error");
    } catch (CpiFault fault) {
      fail(answer, fault);
    } catch (DualstackException failure) {
      fail(answer, CpiFault.of(failure));
    }
    return answer.put("log", String.join("\n", log)).toString();
  }

  /**
   * Answers a request that can't be served at all.
   *
   * @param failure why
   * @return one JSON object with result, error and log
   */
  public static String refuse(DualstackException failure) {
    return refuse(CpiFault.of(failure));
  }

  /**
   * Answers a request that can't be served for want of something on this machine.
   *
   * @param message what is wrong
   * @return one JSON object with result, error and log
   */
  public static String refuse(String message) {
    return refuse(new CpiFault(Kind.CPI_ERROR, message));
  }

  private static String refuse(CpiFault fault) {
    ObjectNode answer = JSON.createObjectNode();
    fail(answer, fault);
    return answer.put("log", "").toString();
  }

  private static void fail(ObjectNode answer, CpiFault fault) {
    answer
        .putNull("result")
        .putObject("error")
        .put("type", fault.kind().type())
        .put("message", fault.text())
        .put("ok_to_retry", fault.okToRetry());
  }

  private JsonNode dispatch(CpiCall call) {
    return switch (call.method()) {
      case "info" -> info();
      case "ping" -> JSON.getNodeFactory().textNode("pong");
      case "create_vm" -> createVm(call);
      case "delete_vm" -> deleteVm(call);
      case "has_vm" -> hasVm(call);
      case "create_network" -> createNetwork(call);
      case "delete_network" -> deleteNetwork(call);
      default -> throw unknown(call.method());
    };
  }

  private static CpiFault unknown(String method) {
    return COMPUTE.contains(method)
        ? new CpiFault(
            Kind.NOT_IMPLEMENTED, method + ": is not about networks, and not implemented here")
        : new CpiFault(Kind.INVALID_CALL, "Method is not known, got '" + method + "'");
  }

  private static JsonNode info() {
    ObjectNode info = JSON.createObjectNode();
    info.putArray("stemcell_formats");
    return info.put("api_version", API_VERSION);
  }

  private JsonNode createVm(CpiCall call) {
    Owner owner = owner(call.text(0, "agent's identifier"));
    Map<String, Object> properties =
        JSON.convertValue(call.optionalObject(2, "cloud properties"), new TypeReference<>() {});
    CpiNetworks networks = CpiNetworks.read(call.object(3, "hash of networks"), properties);
    List<NicRequest> requests = networks.requests(owner, LIFE);
    List<AttachedNic> nics = new ArrayList<>();
    try (ProviderSession session = provider.apply(networks.definitions())) {
      List<AttachedNic> before = session.attached(OwnerScope.below(owner.id()));
      for (AttachOutcome outcome : session.attach(requests)) {
        if (outcome instanceof AttachOutcome.Failed failed) {
          undo(session, owner, before);
          throw CpiFault.whileCreating(failed.failure());
        }
        AttachOutcome.Attached attached = (AttachOutcome.Attached) outcome;
        AttachedNic nic = attached.nic();
        nics.add(nic);
        log.add(
            "%s NIC %s (%s) with %s"
                .formatted(
                    attached.changed() ? "attached" : "found",
                    nic.nic(),
                    nic.id(),
                    addresses(nic)));
      }
    } catch (DualstackException failure) {
      throw CpiFault.whileCreating(failure);
    }
    String id = call.text(0, "agent's identifier");
    if (call.apiVersion() < API_VERSION) {
      return JSON.getNodeFactory().textNode(id);
    }
    ArrayNode result = JSON.createArrayNode();
    return result.add(id).add(networks.completed(nics));
  }

  private static String addresses(AttachedNic nic) {
    return nic.blocks().stream()
        .flatMap(block -> block.chosenBlock().stream())
        .map(IpPrefix::toString)
        .toList()
        .toString();
  }

  /** A machine that isn't made has no NICs: the director deletes only what it has an answer for. */
  private void undo(ProviderSession session, Owner owner, List<AttachedNic> before) {
    Set<String> had = before.stream().map(AttachedNic::nic).collect(Collectors.toSet());
    try {
      List<AttachedNic> made =
          session.attached(OwnerScope.below(owner.id())).stream()
              .filter(nic -> !had.contains(nic.nic()))
              .toList();
      session.detach(made);
      made.forEach(nic -> log.add("detached NIC " + nic.nic() + " (" + nic.id() + ") again"));
    } catch (DualstackException failure) {
      log.add("the NICs of " + owner + " stay behind: " + failure.getMessage());
    }
  }

  private JsonNode deleteVm(CpiCall call) {
    Owner owner = owner(call.text(0, "machine's identifier"));
    try (ProviderSession session = provider.apply(NetworkSet.empty())) {
      List<AttachedNic> nics = session.attached(OwnerScope.below(owner.id()));
      session.detach(nics);
      nics.forEach(nic -> log.add("detached NIC " + nic.nic() + " (" + nic.id() + ")"));
    }
    return JSON.nullNode();
  }

  private JsonNode hasVm(CpiCall call) {
    Owner owner = owner(call.text(0, "machine's identifier"));
    try (ProviderSession session = provider.apply(NetworkSet.empty())) {
      return JSON.getNodeFactory()
          .booleanNode(!session.attached(OwnerScope.below(owner.id())).isEmpty());
    }
  }

  private static Owner owner(String id) {
    try {
      if (id.contains("/")) {
        throw new IllegalArgumentException("has a slash");
      }
      return new Owner(OWNERS + id);
    } catch (IllegalArgumentException e) {
      throw new CpiFault(
          Kind.CPI_ERROR, "/arguments/0: \"" + id + "\": is no identifier: " + e.getMessage());
    }
  }

  /** Finds the infrastructure's subnet; makes none. */
  private JsonNode createNetwork(CpiCall call) {
    ObjectNode wanted = call.object(0, "network");
    if (!wanted.path("range").isTextual()) {
      throw new CpiFault(
          Kind.NOT_SUPPORTED,
          "/arguments/0/range: is missing; networks are found by their range, and not made here");
    }
    IpPrefix range;
    try {
      range = IpPrefix.parse(wanted.path("range").textValue());
    } catch (AddressSyntaxException e) {
      throw new CpiFault(Kind.CLOUD_ERROR, "/arguments/0/range: " + e.getMessage());
    }
    try (ProviderSession session = provider.apply(NetworkSet.empty())) {
      ProviderPool pool =
          session.pools().stream()
              .filter(candidate -> candidate.ranges().stream().anyMatch(r -> r.contains(range)))
              .findFirst()
              .orElseThrow(
                  () ->
                      new CpiFault(
                          Kind.NETWORK_NOT_FOUND,
                          range + ": no subnet of the infrastructure has this range; make one"));
      log.add("found subnet " + pool.id());
      ObjectNode addresses = JSON.createObjectNode().put("range", range.toString());
      if (wanted.hasNonNull("gateway")) {
        addresses.set("gateway", wanted.get("gateway"));
      }
      addresses.putArray("reserved");
      ArrayNode result = JSON.createArrayNode();
      return result.add(pool.id()).add(addresses).add(wanted.path("cloud_properties").deepCopy());
    }
  }

  private JsonNode deleteNetwork(CpiCall call) {
    log.add("subnet " + call.text(0, "network's identifier") + " was not made here, and stays");
    return JSON.nullNode();
  }
}
