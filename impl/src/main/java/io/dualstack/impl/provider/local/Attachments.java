package io.dualstack.impl.provider.local;

import io.dualstack.allocation.Owner;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import io.dualstack.net.MacAddress;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that is attached, during one call. Finds the holder of a block in logarithmic time: blocks of
 * different NICs don't overlap, so that only the neighbours of a block can. Not thread-safe.
 */
final class Attachments {
  private static final Logger LOG = LoggerFactory.getLogger(Attachments.class);
  private static final long LOCALLY_ADMINISTERED = 0x0200_0000_0000L;
  private static final long NEITHER_GLOBAL_NOR_GROUP = 0xfcff_ffff_ffffL;

  private final Map<String, AttachedNic> byKey = new HashMap<>();
  private final TreeMap<IpPrefix, AttachedNic> byBlock = new TreeMap<>();
  private final Set<MacAddress> macs = new HashSet<>();
  private int freed;

  Attachments(List<AttachedNic> nics) {
    for (AttachedNic nic : nics) {
      byKey.put(AttachmentDocuments.key(nic.owner(), nic.nic()), nic);
      nic.macAddress().ifPresent(macs::add);
      for (NicBlock block : nic.blocks()) {
        IpPrefix prefix = block.chosenBlock().orElseThrow();
        Optional<AttachedNic> other = holder(prefix, nic);
        if (other.isPresent()) {
          LOG.atWarn()
              .addKeyValue("block", prefix)
              .addKeyValue("nic", nic.id())
              .addKeyValue("holder", other.get().id())
              .log("two processes attached overlapping blocks at the same moment");
        } else {
          byBlock.put(prefix, nic);
        }
      }
    }
  }

  @Nullable AttachedNic find(Owner owner, String nic) {
    return byKey.get(AttachmentDocuments.key(owner, nic));
  }

  /** Returns who has a part of the block, other than this NIC. */
  Optional<AttachedNic> holder(IpPrefix block, @Nullable AttachedNic exceptFor) {
    Map.@Nullable Entry<IpPrefix, AttachedNic> around = byBlock.lowerEntry(block);
    if (around != null && around.getKey().overlaps(block) && isOther(around, exceptFor)) {
      return Optional.of(around.getValue());
    }
    for (Map.Entry<IpPrefix, AttachedNic> inside : byBlock.tailMap(block, true).entrySet()) {
      if (!block.overlaps(inside.getKey())) {
        break;
      }
      if (isOther(inside, exceptFor)) {
        return Optional.of(inside.getValue());
      }
    }
    return Optional.empty();
  }

  private static boolean isOther(
      Map.Entry<IpPrefix, AttachedNic> entry, @Nullable AttachedNic exceptFor) {
    AttachedNic nic = entry.getValue();
    return exceptFor == null
        || !nic.owner().equals(exceptFor.owner())
        || !nic.nic().equals(exceptFor.nic());
  }

  /** Puts a NIC in place of what it was before. */
  void put(@Nullable AttachedNic before, AttachedNic nic) {
    if (before != null) {
      before.blocks().forEach(block -> byBlock.remove(block.chosenBlock().orElseThrow(), before));
      freed++;
    }
    byKey.put(AttachmentDocuments.key(nic.owner(), nic.nic()), nic);
    nic.blocks().forEach(block -> byBlock.put(block.chosenBlock().orElseThrow(), nic));
    nic.macAddress().ifPresent(macs::add);
  }

  /** Counts how often blocks were given up, which may have made room. */
  int freed() {
    return freed;
  }

  /** Returns the attached blocks that lie in a range, or around it. */
  IpSet within(IpPrefix range) {
    List<IpPrefix> blocks = new ArrayList<>();
    NavigableMap<IpPrefix, AttachedNic> from = byBlock.tailMap(range, true);
    Map.@Nullable Entry<IpPrefix, AttachedNic> around = byBlock.lowerEntry(range);
    if (around != null && around.getKey().overlaps(range)) {
      blocks.add(around.getKey());
    }
    for (IpPrefix block : from.keySet()) {
      if (!range.overlaps(block)) {
        break;
      }
      blocks.add(block);
    }
    return IpSet.ofPrefixes(blocks);
  }

  /**
   * Returns a hardware address for a NIC: locally administered, and the same whenever the same NIC
   * is attached anew, unless another NIC came to have it in the meantime.
   */
  MacAddress macFor(Owner owner, String nic) {
    String seed = AttachmentDocuments.id(owner, nic);
    MacAddress mac = hashed(seed);
    for (int attempt = 1; macs.contains(mac); attempt++) {
      mac = hashed(seed + '\n' + attempt);
    }
    return mac;
  }

  private static MacAddress hashed(String seed) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(seed.getBytes(StandardCharsets.UTF_8));
      long bits = 0;
      for (int i = 0; i < 6; i++) {
        bits = (bits << Byte.SIZE) | (hash[i] & 0xff);
      }
      return MacAddress.of((bits & NEITHER_GLOBAL_NOR_GROUP) | LOCALLY_ADMINISTERED);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
