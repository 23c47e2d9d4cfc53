package io.dualstack.impl.director.dump;

import io.dualstack.Diagnostic;
import io.dualstack.InvalidConfigurationException;
import io.dualstack.Severity;
import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.AllocationKind;
import io.dualstack.allocation.Owner;
import io.dualstack.director.InstanceId;
import io.dualstack.impl.allocation.imports.ImportedBlock;
import io.dualstack.net.IpAddress;
import io.dualstack.net.IpFamily;
import io.dualstack.net.IpPrefix;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that a director has handed out: its table {@code ip_addresses}, with the tables
 * that say who has them. An address of an instance becomes one of {@code deployment/group/index} in
 * the life of its VM. What an instance has with a VM that is no longer its active one is given up
 * but still in use. An address of an orphaned VM becomes one of {@code orphaned-vm/id}.
 */
public final class DirectorDump {

  /** Who has the addresses of VMs that were orphaned, and stay in use until they are deleted. */
  public static final String ORPHANS = "orphaned-vm";

  private static final String ADDRESSES = "ip_addresses";
  private static final List<String> TABLES = List.of(ADDRESSES, "instances", "deployments", "vms");

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,39}");
  private static final BigInteger FIRST_BEYOND_IPV4 = BigInteger.ONE.shiftLeft(32);

  private final Map<String, Map<String, DumpRow>> byId = new HashMap<>();
  private final Set<String> instancesWithActiveVm = new HashSet<>();
  private final List<Diagnostic> refusals = new ArrayList<>();
  private final Instant now;

  private DirectorDump(Instant now) {
    this.now = now;
  }

  /**
   * Reads a plain dump of {@code pg_dump}.
   *
   * @param now since when an address without a time is held
   * @return the blocks in the order of the dump
   * @throws InvalidConfigurationException naming the lines that make no sense
   * @throws java.io.UncheckedIOException if the file can't be read
   */
  public static List<ImportedBlock> read(Path file, Instant now) {
    Map<String, List<DumpRow>> tables = PostgresDump.read(file, Set.copyOf(TABLES));
    for (String table : TABLES) {
      if (!tables.containsKey(table)) {
        throw new InvalidConfigurationException(
            List.of(
                new Diagnostic(
                    Severity.ERROR, file.toString(), "", 0, 0, "DumpIncomplete", missing(table))));
      }
    }
    return new DirectorDump(now).blocks(tables);
  }

  private static String missing(String table) {
    return "has no table %s; use pg_dump --data-only --table '*.%s'"
        .formatted(table, String.join("' --table '*.", TABLES));
  }

  private List<ImportedBlock> blocks(Map<String, List<DumpRow>> tables) {
    for (String table : TABLES) {
      byId.put(table, index(tables.getOrDefault(table, List.of())));
    }
    for (DumpRow vm : tables.getOrDefault("vms", List.of())) {
      if (vm.isTrue("active")) {
        vm.find("instance_id").ifPresent(instancesWithActiveVm::add);
      }
    }
    List<ImportedBlock> blocks = new ArrayList<>();
    for (DumpRow row : tables.getOrDefault(ADDRESSES, List.of())) {
      try {
        blocks.add(new ImportedBlock(row.source(), block(row)));
      } catch (InvalidConfigurationException e) {
        refusals.addAll(e.diagnostics());
      }
    }
    if (!refusals.isEmpty()) {
      throw new InvalidConfigurationException(refusals);
    }
    return blocks;
  }

  private static Map<String, DumpRow> index(List<DumpRow> rows) {
    Map<String, DumpRow> index = new HashMap<>();
    rows.forEach(row -> index.put(row.get("id"), row));
    return index;
  }

  private AllocatedBlock block(DumpRow row) {
    boolean orphaned = row.find("orphaned_vm_id").isPresent();
    if (orphaned == row.find("instance_id").isPresent()) {
      throw row.refused("instance_id", "must be there exactly if orphaned_vm_id isn't");
    }
    DumpRow vm = row.find("vm_id").map(id -> referred(row, "vm_id", "vms")).orElse(null);
    String life = vm == null ? "" : vm.find("cid").orElse("");
    if (orphaned) {
      return active(row, new Owner(ORPHANS + "/" + row.get("orphaned_vm_id")), life, null);
    }
    DumpRow instance = referred(row, "instance_id", "instances");
    AllocatedBlock held =
        active(
            row,
            owner(instance),
            life.isEmpty() ? instance.find("uuid").orElse("") : life,
            instance.find("availability_zone").filter(zone -> !zone.isEmpty()).orElse(null));
    boolean givenUp =
        vm != null && !vm.isTrue("active") && instancesWithActiveVm.contains(instance.get("id"));
    return givenUp ? held.obsolete() : held;
  }

  private Owner owner(DumpRow instance) {
    DumpRow deployment = referred(instance, "deployment_id", "deployments");
    return parsed(
        instance,
        "index",
        index ->
            new InstanceId(deployment.get("name"), instance.get("job"), Integer.parseInt(index))
                .owner());
  }

  private AllocatedBlock active(DumpRow row, Owner owner, String life, @Nullable String zone) {
    return AllocatedBlock.active(
        parsed(row, "address_str", DirectorDump::prefix),
        owner,
        life,
        row.get("network_name"),
        zone,
        row.isTrue("static") ? AllocationKind.STATIC : AllocationKind.DYNAMIC,
        row.find("created_at").isPresent() ? parsed(row, "created_at", DirectorDump::time) : now);
  }

  /** Directors before 2025-06 wrote an address as a number. */
  private static IpPrefix prefix(String text) {
    if (!DIGITS.matcher(text).matches()) {
      return IpPrefix.parse(text);
    }
    BigInteger number = new BigInteger(text);
    IpFamily family = number.compareTo(FIRST_BEYOND_IPV4) < 0 ? IpFamily.IPV4 : IpFamily.IPV6;
    return IpPrefix.single(IpAddress.of(family, number));
  }

  /** Times have no zone: directors write UTC. */
  private static Instant time(String text) {
    return LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
  }

  private DumpRow referred(DumpRow row, String column, String table) {
    DumpRow found = byId.getOrDefault(table, Map.of()).get(row.get(column));
    if (found == null) {
      throw row.refused(column, "is not in table " + table + "; dump all tables at one time");
    }
    return found;
  }

  private static <T> T parsed(DumpRow row, String column, Function<String, T> parser) {
    try {
      return parser.apply(row.get(column));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw row.refused(column, "makes no sense: " + e.getMessage());
    }
  }
}
