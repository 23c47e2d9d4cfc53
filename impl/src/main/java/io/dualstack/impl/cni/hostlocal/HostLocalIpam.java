package io.dualstack.impl.cni.hostlocal;

import io.dualstack.cni.AddressRange;
import io.dualstack.cni.Attachment;
import io.dualstack.cni.CniDns;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.cni.CniIp;
import io.dualstack.cni.CniResult;
import io.dualstack.cni.Ipam;
import io.dualstack.cni.IpamConfig;
import io.dualstack.cni.IpamDurability;
import io.dualstack.cni.IpamInspection;
import io.dualstack.cni.IpamReservation;
import io.dualstack.cni.RangeSet;
import io.dualstack.impl.cni.hostlocal.DirectoryIndex.Entry;
import io.dualstack.net.InterfaceAddress;
import io.dualstack.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * host-local in this process. Chooses the addresses that the original would choose, refuses what it
 * refuses in its words, and leaves the bytes it leaves; holds the lock for a whole operation, where
 * the original takes it for each step.
 */
public final class HostLocalIpam implements Ipam {
  private final IpamDurability durability;
  private final Map<Path, NetworkDirectory> directories = new ConcurrentHashMap<>();

  /** Creates an IPAM that knows no directory yet. */
  public HostLocalIpam(IpamDurability durability) {
    this.durability = durability;
  }

  @Override
  public CniResult add(IpamConfig config, Attachment attachment, List<IpAddress> requested) {
    CniDns dns = dns(config);
    NetworkDirectory directory = directory(config);
    return locked(
        directory,
        () ->
            CniResult.ofIpam(
                reserve(directory, config, attachment, requested), config.routes(), dns));
  }

  private static CniDns dns(IpamConfig config) {
    Path file = config.resolvConf();
    if (file == null) {
      return CniDns.NONE;
    }
    try {
      return ResolvConf.read(file);
    } catch (IOException e) {
      throw new CniException(CniErrorCode.INTERNAL, "open " + file + ": " + reason(e), "", e);
    }
  }

  private List<CniIp> reserve(
      NetworkDirectory directory,
      IpamConfig config,
      Attachment attachment,
      List<IpAddress> requested)
      throws IOException {
    Set<IpAddress> open = new LinkedHashSet<>(requested);
    List<CniIp> ips = new ArrayList<>();
    boolean complete = false;
    try {
      for (int i = 0; i < config.ranges().size(); i++) {
        RangeSet set = config.ranges().get(i);
        @Nullable IpAddress wanted = open.stream().filter(set::contains).findFirst().orElse(null);
        open.remove(wanted);
        ips.add(reserveInSet(directory, i, set, attachment, wanted));
      }
      if (!open.isEmpty()) {
        throw refused(
            "failed to allocate all requested IPs: "
                + open.stream().map(IpAddress::toString).collect(Collectors.joining(" ")));
      }
      complete = true;
    } finally {
      if (!complete) {
        release(directory, attachment, ips.size());
      }
    }
    return ips;
  }

  private static CniIp reserveInSet(
      NetworkDirectory directory,
      int index,
      RangeSet set,
      Attachment attachment,
      @Nullable IpAddress wanted)
      throws IOException {
    try {
      IpAddress address =
          wanted == null
              ? next(directory, index, set, attachment)
              : exactly(directory, index, set, attachment, wanted);
      AddressRange range = set.rangeFor(address).orElseThrow();
      return CniIp.of(InterfaceAddress.of(address, range.subnet().length()), range.gateway());
    } catch (CniException e) {
      throw new CniException(
          e.code(),
          "failed to allocate for range %d: %s".formatted(index, e.message()),
          e.details(),
          e.getCause());
    }
  }

  private static IpAddress exactly(
      NetworkDirectory directory, int index, RangeSet set, Attachment attachment, IpAddress wanted)
      throws IOException {
    AddressRange range = set.rangeFor(wanted).orElseThrow();
    if (wanted.equals(range.gateway())) {
      throw refused("requested ip %s is subnet's gateway".formatted(wanted));
    }
    if (range.isWithheld(wanted)) {
      throw refused("requested ip %s is subnet's router anycast address".formatted(wanted));
    }
    if (!directory.reserve(wanted, OwnerText.of(attachment), index)) {
      throw refused(
          "requested IP address %s is not available in range set %s".formatted(wanted, set));
    }
    return wanted;
  }

  private static IpAddress next(
      NetworkDirectory directory, int index, RangeSet set, Attachment attachment)
      throws IOException {
    refuseDuplicate(directory, set, attachment);
    @Nullable IpAddress last = directory.lastReserved(index).orElse(null);
    RoundRobin order = new RoundRobin(set, last);
    Optional<IpAddress> free = order.firstFree(directory.index().used());
    while (free.isPresent()) {
      if (directory.reserve(free.get(), OwnerText.of(attachment), index)) {
        return free.get();
      }
      // Taken by a writer that doesn't lock; the index has been read again.
      free = order.firstFree(directory.index().used());
    }
    throw refused("no IP addresses available in range set: " + set);
  }

  private static void refuseDuplicate(
      NetworkDirectory directory, RangeSet set, Attachment attachment) {
    for (String owner : List.of(OwnerText.of(attachment), attachment.containerId())) {
      for (Path file : directory.index().owned(owner)) {
        Entry entry = directory.index().get(file);
        IpAddress address = entry == null ? null : entry.address();
        if (address != null && set.contains(address)) {
          throw refused(
              "%s has been allocated to %s, duplicate allocation is not allowed"
                  .formatted(address, attachment.containerId()));
        }
      }
    }
  }

  @Override
  public List<IpAddress> held(IpamConfig config, Attachment attachment) {
    NetworkDirectory directory = directory(config);
    return locked(
        directory,
        () -> {
          DirectoryIndex index = directory.index();
          Set<Path> files = new LinkedHashSet<>(index.owned(OwnerText.of(attachment)));
          // As release goes through the sets.
          if (files.isEmpty() || config.ranges().size() > 1) {
            files.addAll(index.owned(attachment.containerId()));
          }
          return addresses(files.stream().map(index::get));
        });
  }

  private static List<IpAddress> addresses(Stream<@Nullable Entry> entries) {
    return entries
        .filter(Objects::nonNull)
        .map(Entry::address)
        .filter(Objects::nonNull)
        .distinct()
        .sorted()
        .toList();
  }

  @Override
  public List<IpAddress> release(IpamConfig config, Attachment attachment) {
    NetworkDirectory directory = directory(config);
    return locked(directory, () -> release(directory, attachment, config.ranges().size()));
  }

  /**
   * Releases as the original does for each set: the files of the attachment; if there is none,
   * those of the container alone. So the second set releases these too.
   */
  private static List<IpAddress> release(
      NetworkDirectory directory, Attachment attachment, int sets) {
    Set<IpAddress> released = new TreeSet<>();
    for (int i = 0; i < sets; i++) {
      if (!directory.release(OwnerText.of(attachment), released)) {
        boolean unused = directory.release(attachment.containerId(), released);
      }
    }
    return List.copyOf(released);
  }

  @Override
  public void check(IpamConfig config, Attachment attachment) {
    NetworkDirectory directory = directory(config);
    boolean held =
        locked(
            directory,
            () ->
                !directory.index().owned(OwnerText.of(attachment)).isEmpty()
                    || !directory.index().owned(attachment.containerId()).isEmpty());
    if (!held) {
      throw refused(
          "host-local: Failed to find address added by container " + attachment.containerId());
    }
  }

  @Override
  public List<IpAddress> abandoned(IpamConfig config, Set<Attachment> valid) {
    NetworkDirectory directory = directory(config);
    return locked(directory, () -> addresses(abandoned(directory, valid).stream()));
  }

  private static List<Entry> abandoned(NetworkDirectory directory, Set<Attachment> valid) {
    Set<String> owners = new HashSet<>();
    valid.forEach(
        attachment -> {
          owners.add(OwnerText.of(attachment));
          owners.add(attachment.containerId());
        });
    return directory.index().all().stream()
        .filter(entry -> entry.address() != null && !owners.contains(entry.owner()))
        .toList();
  }

  @Override
  public List<IpAddress> collect(IpamConfig config, Set<Attachment> valid) {
    NetworkDirectory directory = directory(config);
    return locked(
        directory,
        () -> {
          Set<IpAddress> released = new TreeSet<>();
          for (Entry entry : abandoned(directory, valid)) {
            boolean unused = directory.remove(entry.file(), entry.owner(), released);
          }
          return List.copyOf(released);
        });
  }

  @Override
  public void status(IpamConfig config) {
    NetworkDirectory directory = directory(config);
    if (!directory.exists()) {
      Path parent = directory.path().toAbsolutePath();
      while (parent != null && !Files.exists(parent)) {
        parent = parent.getParent();
      }
      if (parent == null || !Files.isDirectory(parent) || !Files.isWritable(parent)) {
        throw new CniException(
            CniErrorCode.NOT_AVAILABLE, parent + ": is no directory that can be written to");
      }
      return;
    }
    try {
      locked(
          directory,
          () -> {
            for (RangeSet set : config.ranges()) {
              if (new RoundRobin(set, null).firstFree(directory.index().used()).isEmpty()) {
                throw new CniException(
                    CniErrorCode.NOT_AVAILABLE, "no IP addresses available in range set: " + set);
              }
            }
            return true;
          });
    } catch (CniException e) {
      throw new CniException(CniErrorCode.NOT_AVAILABLE, e.message(), e.details(), e);
    }
  }

  @Override
  public IpamInspection inspect(IpamConfig config) {
    NetworkDirectory directory = directory(config);
    if (!directory.exists()) {
      return new IpamInspection(List.of(), List.of());
    }
    return locked(
        directory,
        () -> {
          List<IpamReservation> reservations = new ArrayList<>();
          for (Entry entry : directory.index().all()) {
            if (entry.address() != null) {
              reservations.add(
                  new IpamReservation(
                      entry.address(),
                      OwnerText.containerId(entry.owner()),
                      OwnerText.ifName(entry.owner())));
            }
          }
          reservations.sort(Comparator.comparing(IpamReservation::address));
          return new IpamInspection(reservations, directory.findings());
        });
  }

  /** Returns how often the directory of a network was read. */
  long listings(IpamConfig config) {
    return directory(config).listings();
  }

  private NetworkDirectory directory(IpamConfig config) {
    return directories.computeIfAbsent(
        config.directory().toAbsolutePath().normalize(),
        path -> new NetworkDirectory(path, durability));
  }

  private static <T> T locked(NetworkDirectory directory, NetworkDirectory.Work<T> work) {
    try {
      return directory.locked(work);
    } catch (IOException e) {
      throw new CniException(CniErrorCode.IO_FAILURE, directory.path() + ": " + reason(e), "", e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException
        ? "no such file or directory"
        : e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  private static CniException refused(String message) {
    return new CniException(CniErrorCode.INTERNAL, message);
  }
}
