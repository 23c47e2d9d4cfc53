package io.dualstack.impl.provider.local;

import io.dualstack.allocation.Owner;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import io.dualstack.net.MacAddress;
import io.dualstack.provider.AttachedNic;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.support.HeldBlocks;
import io.dualstack.provider.support.NicIdentity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  private final HeldBlocks<AttachedNic> held = new HeldBlocks<>();
  private final Set<MacAddress> macs = new HashSet<>();
  private int freed;

  Attachments(List<AttachedNic> nics) {
    for (AttachedNic nic : nics) {
      byKey.put(AttachmentDocuments.key(nic.owner(), nic.nic()), nic);
      nic.macAddress().ifPresent(macs::add);
      for (NicBlock block : nic.blocks()) {
        IpPrefix prefix = block.chosenBlock().orElseThrow();
        Optional<AttachedNic> other = holder(prefix);
        if (other.isPresent()) {
          LOG.atWarn()
              .addKeyValue("block", prefix)
              .addKeyValue("nic", nic.id())
              .addKeyValue("holder", other.get().id())
              .log("two processes attached overlapping blocks at the same moment");
        } else {
          held.put(prefix, nic);
        }
      }
    }
  }

  @Nullable AttachedNic find(Owner owner, String nic) {
    return byKey.get(AttachmentDocuments.key(owner, nic));
  }

  /** Returns who has a part of the block. */
  Optional<AttachedNic> holder(IpPrefix block) {
    return held.holder(block, nic -> true);
  }

  /** Returns who has a part of the block, other than this NIC. */
  Optional<AttachedNic> holder(IpPrefix block, NicIdentity except) {
    return held.holder(block, nic -> !NicIdentity.of(nic).equals(except));
  }

  /** Puts a NIC in place of what it was before. */
  void put(@Nullable AttachedNic before, AttachedNic nic) {
    if (before != null) {
      before.blocks().forEach(block -> held.remove(block.chosenBlock().orElseThrow(), before));
      freed++;
    }
    byKey.put(AttachmentDocuments.key(nic.owner(), nic.nic()), nic);
    nic.blocks().forEach(block -> held.put(block.chosenBlock().orElseThrow(), nic));
    nic.macAddress().ifPresent(macs::add);
  }

  /** Counts how often blocks were given up, which may have made room. */
  int freed() {
    return freed;
  }

  /** Returns the attached blocks that lie in a range, or around it. */
  IpSet within(IpPrefix range) {
    return held.within(range);
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
