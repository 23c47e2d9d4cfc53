package io.dualstack.director;

import static java.util.Objects.requireNonNull;

import io.dualstack.allocation.AllocatedBlock;
import io.dualstack.allocation.Owner;
import io.dualstack.net.IpPrefix;
import io.dualstack.provider.AttachedNic;

/** One difference between the store and the infrastructure. */
public sealed interface Drift {

  /**
   * Returns whose addresses differ.
   *
   * @return the machine
   */
  Owner owner();

  /**
   * Returns what differs, in words, with addresses and identifiers.
   *
   * @return a sentence without its end
   */
  String description();

  /**
   * Returns how it is repaired.
   *
   * @return what {@link Director#repair} does, or what else does it
   */
  Repair repair();

  /** How a difference is repaired. */
  enum Repair {
    /** Applying the deployment attaches what is missing and takes off what is too much. */
    APPLY,
    /** The NIC is detached: nobody in the store has it. */
    DETACH
  }

  /**
   * The store has a block that no NIC of its owner has.
   *
   * @param block the block
   */
  record MissingBlock(AllocatedBlock block) implements Drift {
    /**
     * Checks that there is a block.
     *
     * @param block the block
     */
    public MissingBlock {
      requireNonNull(block, "block");
    }

    @Override
    public Owner owner() {
      return block.owner();
    }

    @Override
    public String description() {
      return "%s of network %s is on none of its NICs".formatted(block.block(), block.network());
    }

    @Override
    public Repair repair() {
      return Repair.APPLY;
    }
  }

  /**
   * A NIC has a block that its owner doesn't have in the store, or is about to give up.
   *
   * @param nic the NIC
   * @param block the block
   */
  record UnknownBlock(AttachedNic nic, IpPrefix block) implements Drift {
    /**
     * Checks that nothing is missing.
     *
     * @param nic the NIC
     * @param block the block
     */
    public UnknownBlock {
      requireNonNull(nic, "nic");
      requireNonNull(block, "block");
    }

    @Override
    public Owner owner() {
      return nic.owner();
    }

    @Override
    public String description() {
      return "NIC %s (%s) has %s, which it doesn't hold".formatted(nic.nic(), nic.id(), block);
    }

    @Override
    public Repair repair() {
      return Repair.APPLY;
    }
  }

  /**
   * A NIC belongs to a machine that holds nothing in the store.
   *
   * @param nic the NIC
   */
  record UnknownNic(AttachedNic nic) implements Drift {
    /**
     * Checks that there is a NIC.
     *
     * @param nic the NIC
     */
    public UnknownNic {
      requireNonNull(nic, "nic");
    }

    @Override
    public Owner owner() {
      return nic.owner();
    }

    @Override
    public String description() {
      return "NIC %s (%s) is attached, but the machine holds nothing"
          .formatted(nic.nic(), nic.id());
    }

    @Override
    public Repair repair() {
      return Repair.DETACH;
    }
  }

  /**
   * A NIC belongs to another life of its machine than the one that holds its blocks.
   *
   * @param nic the NIC
   * @param holder the life that holds the blocks in the store
   */
  record OtherLife(AttachedNic nic, String holder) implements Drift {
    /**
     * Checks that nothing is missing.
     *
     * @param nic the NIC
     * @param holder the life that holds the blocks in the store
     */
    public OtherLife {
      requireNonNull(nic, "nic");
      requireNonNull(holder, "holder");
    }

    @Override
    public Owner owner() {
      return nic.owner();
    }

    @Override
    public String description() {
      return "NIC %s (%s) is of life \"%s\", its addresses are held by life \"%s\""
          .formatted(nic.nic(), nic.id(), nic.incarnation(), holder);
    }

    @Override
    public Repair repair() {
      return Repair.DETACH;
    }
  }
}
