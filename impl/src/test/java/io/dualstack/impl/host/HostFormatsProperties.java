package io.dualstack.impl.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.host.AgentHints;
import io.dualstack.host.AgentSettings;
import io.dualstack.host.DefaultFor;
import io.dualstack.host.HostFormats;
import io.dualstack.host.NetworkType;
import io.dualstack.host.VmNetwork;
import io.dualstack.impl.host.networkd.UnitFile;
import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpFamily;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class HostFormatsProperties {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HostFormats formats = new BoshHostFormats();

  @Property
  void settings_survive_their_text(@ForAll("settings") AgentSettings settings) {
    assertThat(formats.parseAgentSettings(formats.agentSettings(settings))).isEqualTo(settings);
  }

  @Property
  void formatting_is_canonical(@ForAll("settings") AgentSettings settings) {
    String text = formats.agentSettings(settings);

    assertThat(formats.agentSettings(formats.parseAgentSettings(text))).isEqualTo(text);
  }

  @Property
  void a_hash_survives_its_text(@ForAll("networks") List<VmNetwork> networks) {
    List<VmNetwork> told =
        networks.stream()
            .filter(network -> network.type() != NetworkType.MANUAL || network.range() != null)
            .map(HostFormatsProperties::asTheDirectorKnowsIt)
            .toList();

    assertThat(formats.parseNetworksHash(formats.networksHash(told))).isEqualTo(told);
  }

  @Property
  void what_is_for_the_agent_changes_nothing_in_the_hash(
      @ForAll("networks") List<VmNetwork> networks) {
    List<VmNetwork> told =
        networks.stream()
            .filter(network -> network.type() != NetworkType.MANUAL || network.range() != null)
            .toList();
    List<VmNetwork> bare = told.stream().map(HostFormatsProperties::asTheDirectorKnowsIt).toList();

    assertThat(formats.networksHash(told)).isEqualTo(formats.networksHash(bare));
  }

  @Property
  void the_order_of_networks_makes_no_difference_to_their_files(
      @ForAll("networks") List<VmNetwork> any, @ForAll @IntRange(min = 1, max = 4) int by) {
    List<VmNetwork> networks = withEachDefaultOnce(any);
    Map<String, String> interfaces = HostArbitraries.interfaces(networks);

    assertThat(formats.networkdFiles(HostArbitraries.turned(networks, by), interfaces))
        .isEqualTo(formats.networkdFiles(networks, interfaces));
  }

  @Property
  void every_file_is_one_that_networkd_reads(@ForAll("networks") List<VmNetwork> networks) {
    Map<String, String> files =
        formats.networkdFiles(networks, HostArbitraries.interfaces(networks));

    files.forEach(
        (name, text) ->
            assertThat(name)
                .isEqualTo("10_" + UnitFile.parse(text).all("Match", "Name").get(0) + ".network"));
  }

  @Property
  void addresses_and_discard_routes_are_those_of_the_networks(
      @ForAll("networks") List<VmNetwork> networks) {
    List<VmNetwork> onNics =
        networks.stream().filter(network -> network.type() != NetworkType.VIP).toList();
    Assume.that(!onNics.stream().allMatch(network -> network.hints().preconfigured()));

    List<UnitFile> files =
        formats.networkdFiles(networks, HostArbitraries.interfaces(networks)).values().stream()
            .map(UnitFile::parse)
            .toList();

    assertThat(files.stream().flatMap(file -> file.all("Address", "Address").stream()))
        .containsExactlyInAnyOrderElementsOf(
            onNics.stream()
                .filter(network -> !network.isDelegated() && isStatic(network))
                .map(HostFormatsProperties::address)
                .toList());
    assertThat(
            files.stream()
                .flatMap(file -> file.all("Route").stream())
                .filter(route -> !route.all("Type").isEmpty())
                .flatMap(route -> route.all("Destination").stream()))
        .containsExactlyInAnyOrderElementsOf(
            onNics.stream()
                .filter(VmNetwork::isDelegated)
                .map(network -> network.block().toString())
                .toList());
  }

  @Property
  void each_file_has_the_addresses_of_its_own_networks(
      @ForAll("networks") List<VmNetwork> networks) {
    Map<String, String> interfaces = HostArbitraries.interfaces(networks);

    formats
        .networkdFiles(networks, interfaces)
        .forEach(
            (name, text) ->
                assertThat(UnitFile.parse(text).all("Address", "Address"))
                    .containsExactlyInAnyOrderElementsOf(
                        networks.stream()
                            .filter(network -> network.type() != NetworkType.VIP)
                            .filter(network -> name.equals(fileOf(network, interfaces)))
                            .filter(network -> !network.isDelegated() && isStatic(network))
                            .map(HostFormatsProperties::address)
                            .toList()));
  }

  @Property
  void routers_are_heard_exactly_where_there_is_ipv6(@ForAll("networks") List<VmNetwork> networks) {
    Map<String, String> interfaces = HostArbitraries.interfaces(networks);

    formats
        .networkdFiles(networks, interfaces)
        .forEach(
            (name, text) ->
                assertThat(text.contains("IPv6AcceptRA=true"))
                    .isEqualTo(
                        networks.stream()
                            .filter(network -> network.type() != NetworkType.VIP)
                            .filter(network -> name.equals(fileOf(network, interfaces)))
                            .anyMatch(
                                network -> network.family().equals(Optional.of(IpFamily.IPV6)))));
  }

  @Property
  void without_ipv6_there_is_no_trace_of_it(@ForAll("networksWithoutIpv6") List<VmNetwork> networks)
      throws JsonProcessingException {
    List<VmNetwork> plain = networks.stream().map(HostFormatsProperties::plain).toList();
    AgentSettings settings = new AgentSettings("agent", "vm", plain, false, Map.of());

    formats
        .networkdFiles(plain, HostArbitraries.interfaces(plain))
        .values()
        .forEach(
            file ->
                assertThat(file.replaceAll("(?m)^Label=.*$", ""))
                    .doesNotContain(":")
                    .doesNotContain("IPv6"));
    String json = formats.agentSettings(settings);
    assertThat(json).doesNotContainIgnoringCase("ipv6");
    assertThat(textsOutsideOfMacAndAlias(JSON.readTree(json)))
        .noneMatch(text -> text.contains(":"));
  }

  @Property
  void a_damaged_document_is_read_or_refused_with_places_in_it(
      @ForAll("settings") AgentSettings settings,
      @ForAll("json") Object replacement,
      @ForAll @IntRange(min = 0, max = 1000) int where)
      throws JsonProcessingException {
    JsonNode document = JSON.readTree(formats.agentSettings(settings));
    List<Runnable> damages = new ArrayList<>();
    collect(document, JSON.valueToTree(replacement), damages);
    damages.get(where % damages.size()).run();

    try {
      formats.parseAgentSettings(document.toString());
    } catch (InvalidConfigurationException e) {
      for (Diagnostic diagnostic : e.diagnostics()) {
        JsonPointer pointer = JsonPointer.compile(diagnostic.path());
        boolean found = !document.at(pointer).isMissingNode();
        boolean missingMember = document.at(pointer.head()).isObject();
        assertThat(found || missingMember).as(diagnostic.toString()).isTrue();
      }
    }
  }

  @Provide
  Arbitrary<AgentSettings> settings() {
    return HostArbitraries.settings();
  }

  @Provide
  Arbitrary<List<VmNetwork>> networks() {
    return HostArbitraries.networks();
  }

  @Provide
  Arbitrary<List<VmNetwork>> networksWithoutIpv6() {
    return HostArbitraries.networksWithoutIpv6();
  }

  @Provide
  Arbitrary<Object> json() {
    return Arbitraries.oneOf(HostArbitraries.json(), Arbitraries.just(List.of()));
  }

  private static VmNetwork asTheDirectorKnowsIt(VmNetwork network) {
    AgentHints hints = new AgentHints("", false, false, List.of(), network.hints().others());
    return new VmNetwork(
        network.name(),
        network.type(),
        network.block(),
        network.range(),
        network.gateway(),
        network.dns(),
        network.defaults(),
        network.nicGroup(),
        null,
        false,
        network.cloudProperties(),
        hints);
  }

  /** Without names and values that only a user chooses, which may have any character. */
  private static VmNetwork plain(VmNetwork network) {
    AgentHints hints = network.hints();
    return new VmNetwork(
        network.name().replace(":", "_"),
        network.type(),
        network.block(),
        network.range(),
        network.gateway(),
        network.dns(),
        network.defaults(),
        network.nicGroup(),
        network.mac(),
        network.useDhcp(),
        Map.of(),
        new AgentHints(
            hints.alias(),
            hints.resolved(),
            hints.preconfigured(),
            hints.routes().stream()
                .map(
                    route ->
                        Machine.route(route.destination().toString(), route.gateway().toString()))
                .toList(),
            Map.of()));
  }

  /** With two defaults for one thing the first one counts; directors refuse that. */
  private static List<VmNetwork> withEachDefaultOnce(List<VmNetwork> networks) {
    Set<DefaultFor> left = EnumSet.allOf(DefaultFor.class);
    List<VmNetwork> once = new ArrayList<>();
    for (VmNetwork network : networks) {
      Set<DefaultFor> uses = new HashSet<>(network.defaults());
      uses.retainAll(left);
      left.removeAll(uses);
      once.add(
          new VmNetwork(
              network.name(),
              network.type(),
              network.block(),
              network.range(),
              network.gateway(),
              network.dns(),
              uses,
              network.nicGroup(),
              network.mac(),
              network.useDhcp(),
              network.cloudProperties(),
              network.hints()));
    }
    return once;
  }

  private static String address(VmNetwork network) {
    return InterfaceAddress.of(network.ip().get(), network.range().length()).toString();
  }

  private static boolean isStatic(VmNetwork network) {
    return !network.hints().alias().isEmpty()
        || (network.range() != null
            && network.type() == NetworkType.MANUAL
            && !network.useDhcp()
            && !network.hints().resolved());
  }

  private static String fileOf(VmNetwork network, Map<String, String> interfaces) {
    String alias = network.hints().alias();
    String name =
        network.mac() == null && !alias.isEmpty()
            ? alias.split(":", 2)[0]
            : interfaces.get(network.nic());
    return "10_" + name + ".network";
  }

  private static List<String> textsOutsideOfMacAndAlias(JsonNode node) {
    List<String> texts = new ArrayList<>();
    if (node.isTextual()) {
      texts.add(node.textValue());
    }
    node.forEach(child -> texts.addAll(textsOutsideOfMacAndAlias(child)));
    if (node instanceof ObjectNode object) {
      Stream.of("mac", "alias")
          .filter(object::has)
          .forEach(key -> texts.remove(object.get(key).textValue()));
    }
    return texts;
  }

  private static void collect(JsonNode node, JsonNode replacement, List<Runnable> damages) {
    if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(
              member -> {
                damages.add(() -> object.set(member.getKey(), replacement));
                damages.add(() -> object.remove(member.getKey()));
                collect(member.getValue(), replacement, damages);
              });
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        int at = i;
        damages.add(() -> array.set(at, replacement));
        collect(array.get(i), replacement, damages);
      }
    }
  }
}
