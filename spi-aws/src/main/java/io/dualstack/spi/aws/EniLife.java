package io.dualstack.spi.aws;

import io.dualstack.ProviderException;
import io.dualstack.ProviderException.Reason;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.NicBlock;
import io.dualstack.provider.support.NicIdentity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.NetworkInterfaceAttachment;
import software.amazon.awssdk.services.ec2.model.Tag;

/** Makes, changes and removes network interfaces, each step seen by the next. Thread-safe. */
final class EniLife {
  private final Ec2Connection connection;
  private final Ec2Interfaces interfaces;
  private final Ec2Addresses addresses;
  private final BlockPicker picker;
  private final NicTags tags;

  EniLife(
      Ec2Connection connection,
      Ec2Interfaces interfaces,
      Ec2Addresses addresses,
      BlockPicker picker,
      NicTags tags) {
    this.connection = connection;
    this.interfaces = interfaces;
    this.addresses = addresses;
    this.picker = picker;
    this.tags = tags;
  }

  /**
   * Makes an interface with all its blocks. If a call after the first fails, it stays behind
   * half-made.
   *
   * @param token what makes a repeated call one call
   */
  Eni make(NicIdentity identity, NewEni wanted, String token, Patience patience) {
    String id =
        addresses
            .whileFreed(
                wanted.subnet(),
                Optional.empty(),
                wanted.carried(),
                patience,
                () ->
                    connection.call(
                        client ->
                            client
                                .createNetworkInterface(wanted.request(token))
                                .networkInterface()
                                .networkInterfaceId()))
            .orElseThrow();
    return fill(awaitNew(identity, id, patience), List.of(), wanted.blocks(), patience);
  }

  /** Waits until a new interface is found by its tags, as a later run will look for it. */
  private Eni awaitNew(NicIdentity identity, String id, Patience patience) {
    while (true) {
      Optional<Eni> now =
          interfaces.list(tags.of(identity)).stream()
              .filter(eni -> eni.id().equals(id))
              .findFirst();
      if (now.filter(Eni::isReady).isPresent()) {
        return now.get();
      }
      String state = now.map(eni -> eni.described().statusAsString()).orElse("not there yet");
      patience.sleep("%s was made and is %s".formatted(id, state));
    }
  }

  /** Puts on an interface what it lacks, and takes off what is neither kept nor wanted. */
  private Eni fill(Eni now, List<IpPrefix> keep, List<NicBlock> wanted, Patience patience) {
    Set<IpPrefix> expected = new LinkedHashSet<>(keep);
    List<IpPrefix> spare = new ArrayList<>(now.blocks());
    spare.removeAll(keep);
    List<IpPrefix> named = new ArrayList<>();
    for (NicBlock block : wanted) {
      if (block.block() != null) {
        expected.add(block.block());
        if (!spare.remove(block.block())) {
          named.add(block.block());
        }
      }
    }
    List<NicBlock> open = new ArrayList<>();
    for (NicBlock block : wanted) {
      if (block.block() == null) {
        Optional<IpPrefix> like =
            spare.stream()
                .filter(has -> picker.isAllowed(block, has, now.subnet()))
                .sorted()
                .findFirst();
        like.ifPresentOrElse(expected::add, () -> open.add(block));
        like.ifPresent(spare::remove);
      }
    }
    now.primary()
        .filter(spare::contains)
        .ifPresent(
            primary -> {
              throw AwsFailures.refused(
                  ("EC2 picked %s, which the network may not hand out, as the primary IPv4 address;"
                          + " let the director choose the network's addresses, or give the network"
                          + " the whole subnet")
                      .formatted(primary));
            });
    if (named.isEmpty() && open.isEmpty()) {
      return trim(now, expected, patience);
    }
    addresses.assign(now, named, patience);
    expected.addAll(picker.pick(now, open, patience));
    return trim(interfaces.await(now.id(), expected, List.of(), patience), expected, patience);
  }

  /**
   * Takes off what EC2 added of its own accord, or twice because the answer to a first try was
   * lost.
   */
  private Eni trim(Eni now, Set<IpPrefix> expected, Patience patience) {
    List<IpPrefix> surplus = new ArrayList<>(now.blocks());
    surplus.removeAll(expected);
    now.primary().ifPresent(surplus::remove);
    if (surplus.isEmpty()) {
      return now;
    }
    addresses.unassign(now.id(), surplus);
    return interfaces.await(now.id(), expected, surplus, patience);
  }

  /** Takes blocks off an interface and puts others on; may make another in its place. */
  Eni change(
      NicIdentity identity, Eni now, List<IpPrefix> gone, List<NicBlock> more, Patience patience) {
    List<IpPrefix> keep = new ArrayList<>(now.blocks());
    keep.removeAll(gone);
    if (needsAnotherPrimary(now, gone, more)) {
      return replace(identity, now, keep, more, patience);
    }
    List<IpPrefix> off = new ArrayList<>(now.blocks());
    off.removeAll(keep);
    Eni left = now;
    if (!off.isEmpty()) {
      addresses.unassign(now.id(), off);
      left = interfaces.await(now.id(), keep, off, patience);
    }
    return more.isEmpty() ? left : fill(left, keep, more, patience);
  }

  private static boolean needsAnotherPrimary(Eni now, List<IpPrefix> gone, List<NicBlock> more) {
    if (now.primary().isEmpty()) {
      return false;
    }
    if (now.primaryIsUnasked()) {
      return NewEni.asksForIpv4Address(more);
    }
    return gone.contains(now.primary().get());
  }

  /**
   * Makes another interface in place of one whose primary IPv4 address is to be another, which EC2
   * can't do. The old one goes first, since both can't have the blocks that stay; if the new one
   * can't be made, one like the old is.
   */
  private Eni replace(
      NicIdentity identity, Eni old, List<IpPrefix> keep, List<NicBlock> more, Patience patience) {
    if (old.attachment().isPresent()) {
      throw AwsFailures.refused(
          ("%s is attached to %s, and EC2 can't change its primary IPv4 address %s; delete or stop"
                  + " the machine and detach the interface, then ask again")
              .formatted(
                  old.id(),
                  old.attachment().get().instanceId(),
                  old.primary().map(Eni::text).orElse("")));
    }
    for (NicBlock block : more) {
      if (block.block() != null) {
        interfaces
            .holder(old.subnet(), block.block(), eni -> !eni.id().equals(old.id()))
            .ifPresent(
                holder -> {
                  throw new ProviderException(
                      AwsNetworkProvider.NAME,
                      Reason.CONFLICT,
                      true,
                      "%s is in use by %s".formatted(block.block(), holder.id()),
                      null);
                });
      }
    }
    List<NicBlock> blocks = new ArrayList<>();
    keep.forEach(block -> blocks.add(NicBlock.chosen("", block)));
    blocks.addAll(more);
    remove(old.id(), patience);
    try {
      return make(identity, like(identity, old, blocks), token(), patience);
    } catch (ProviderException failure) {
      restore(identity, old, failure);
      throw failure;
    }
  }

  private void restore(NicIdentity identity, Eni old, ProviderException failure) {
    try {
      Patience patience = connection.patience();
      interfaces.list(tags.of(identity)).forEach(half -> remove(half.id(), patience));
      List<NicBlock> blocks = new ArrayList<>();
      old.primary()
          .filter(old.blocks()::contains)
          .ifPresent(primary -> blocks.add(NicBlock.chosen("", primary)));
      old.blocks().stream()
          .map(block -> NicBlock.chosen("", block))
          .filter(block -> !blocks.contains(block))
          .forEach(blocks::add);
      make(identity, like(identity, old, blocks), token(), patience);
    } catch (ProviderException restoring) {
      failure.addSuppressed(restoring);
    }
  }

  private NewEni like(NicIdentity identity, Eni old, List<NicBlock> blocks) {
    String incarnation =
        tags.read(old.described().tagSet()).map(NicTags.Whose::incarnation).orElse("");
    List<Tag> all = new ArrayList<>(NicTags.foreign(old.described().tagSet()));
    all.addAll(tags.of(identity, incarnation, NewEni.asksForIpv4Address(blocks)));
    return new NewEni(
        old.subnet(),
        old.described().groups().stream().map(GroupIdentifier::groupId).toList(),
        all,
        old.described().description() == null ? "" : old.described().description(),
        blocks);
  }

  private static String token() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  /** Removes an interface; detaches it before, if it must. One that is gone is no error. */
  void remove(String id, Patience patience) {
    interfaces.find(id).flatMap(Eni::attachment).ifPresent(how -> detach(id, how, patience));
    while (true) {
      try {
        connection.call(
            client -> client.deleteNetworkInterface(delete -> delete.networkInterfaceId(id)));
        break;
      } catch (ProviderException failure) {
        if (AwsFailures.is(failure, AwsFailures.INTERFACE_NOT_FOUND)) {
          break;
        }
        if (!AwsFailures.is(failure, AwsFailures.INTERFACE_IN_USE) || patience.isOver()) {
          throw failure;
        }
        patience.sleep(id + " is being detached and still in use");
      }
    }
    interfaces.awaitGone(id, patience);
  }

  private void detach(String id, NetworkInterfaceAttachment how, Patience patience) {
    if (how.deviceIndex() != null && how.deviceIndex() == 0) {
      throw AwsFailures.refused(
          "%s is the primary network interface of %s, which can't be detached; terminate the instance"
              .formatted(id, how.instanceId()));
    }
    try {
      connection.call(
          client ->
              client.detachNetworkInterface(detach -> detach.attachmentId(how.attachmentId())));
    } catch (ProviderException failure) {
      // It may be on its way off already, or off.
      Optional<NetworkInterfaceAttachment> now = interfaces.find(id).flatMap(Eni::attachment);
      if (now.isPresent() && !"detaching".equals(now.get().statusAsString())) {
        throw failure;
      }
    }
    Optional<Eni> seen = interfaces.find(id);
    while (seen.flatMap(Eni::attachment).isPresent()) {
      patience.sleep(id + " is being detached");
      seen = interfaces.find(id);
    }
  }
}
