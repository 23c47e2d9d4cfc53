package io.dualstack.impl.report;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import io.dualstack.Dualstack;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.Forecast;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.PrefixAllocator;
import io.dualstack.allocation.Subnet;
import io.dualstack.allocation.Utilization;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One page of HTML that needs nothing else: how full each subnet is and when it will be, maps of
 * their addresses, and who holds how much.
 *
 * @param store where all of it is kept, without secrets
 * @param at when it was read
 * @param networks the networks
 * @param subnets how full each subnet is
 * @param forecasts when each is full
 * @param blocks all that is held, in address order
 */
public record StorePage(
    String store,
    Instant at,
    NetworkSet networks,
    List<Utilization> subnets,
    List<Forecast> forecasts,
    List<AllocatedBlock> blocks) {

  /** Copies the lists. */
  public StorePage {
    subnets = List.copyOf(subnets);
    forecasts = List.copyOf(forecasts);
    blocks = List.copyOf(blocks);
  }

  /**
   * Reads what is held in the default address space.
   *
   * @param clock what time it is
   * @param window how long back the forecasts look
   * @throws io.dualstack.StoreUnavailableException if the store can't be reached
   */
  public static StorePage of(Dualstack dualstack, Clock clock, Duration window) {
    PrefixAllocator allocator = dualstack.allocator();
    return new StorePage(
        dualstack.storeLocation(),
        clock.instant(),
        allocator.networks(),
        allocator.utilization(),
        allocator.forecast(window),
        allocator.blocks(OwnerScope.ALL));
  }

  /**
   * Writes the page.
   *
   * @return a document of HTML
   */
  public String html() {
    return template()
        .execute(
            Map.of(
                "store", store,
                "at", at.truncatedTo(ChronoUnit.SECONDS),
                "blocks", blocks.size(),
                "legend", legend(),
                "networks", networkParts(),
                "holders", holders()));
  }

  private static Template template() {
    try (InputStream in = StorePage.class.getResourceAsStream("page.mustache");
        Reader text = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      return Mustache.compiler().emptyStringIsFalse(true).compile(text);
    } catch (IOException e) {
      throw new UncheckedIOException("page.mustache", e);
    }
  }

  private static List<Map<String, String>> legend() {
    List<Map<String, String>> uses = new ArrayList<>();
    for (Use use : Use.values()) {
      uses.add(Map.of("style", use.style(), "words", use.words()));
    }
    return uses;
  }

  private List<Map<String, Object>> networkParts() {
    List<Map<String, Object>> parts = new ArrayList<>();
    for (NetworkDefinition network : networks.all()) {
      if (network instanceof NetworkDefinition.Manual manual) {
        List<Map<String, Object>> subnetParts = new ArrayList<>();
        for (Subnet subnet : manual.subnets()) {
          subnetParts.add(
              new SubnetPart(
                      subnet,
                      utilizationOf(network, subnet),
                      forecastOf(network, subnet),
                      heldIn(subnet))
                  .values());
        }
        parts.add(Map.of("name", network.name(), "subnets", subnetParts));
      }
    }
    return parts;
  }

  private Utilization utilizationOf(NetworkDefinition network, Subnet subnet) {
    return subnets.stream()
        .filter(
            each -> each.network().equals(network.name()) && each.range().equals(subnet.range()))
        .findFirst()
        .orElseThrow();
  }

  private Forecast forecastOf(NetworkDefinition network, Subnet subnet) {
    return forecasts.stream()
        .filter(
            each -> each.network().equals(network.name()) && each.range().equals(subnet.range()))
        .findFirst()
        .orElseThrow();
  }

  private List<AllocatedBlock> heldIn(Subnet subnet) {
    return blocks.stream().filter(held -> held.block().overlaps(subnet.range())).toList();
  }

  /** Who holds how many blocks, by the first part of their path. */
  private List<Map<String, Object>> holders() {
    Map<String, int[]> counts = new TreeMap<>();
    for (AllocatedBlock held : blocks) {
      String owner = held.owner().id();
      int slash = owner.indexOf('/');
      String name = slash < 0 ? owner : owner.substring(0, slash);
      int[] byUse = counts.computeIfAbsent(name, unused -> new int[Use.values().length]);
      byUse[Use.of(held).ordinal()]++;
    }
    List<Map<String, Object>> holders = new ArrayList<>();
    counts.forEach(
        (name, byUse) -> {
          List<Integer> cells = new ArrayList<>();
          for (int use = Use.DYNAMIC.ordinal(); use < byUse.length; use++) {
            cells.add(byUse[use]);
          }
          holders.add(Map.of("name", name, "counts", cells));
        });
    return holders;
  }
}
