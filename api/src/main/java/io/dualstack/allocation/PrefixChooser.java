package io.dualstack.allocation;

/** Who picks a dynamic block: both delegation modes of the RFC's director section. */
public enum PrefixChooser {
  /** The director picks the lowest free block and passes it to the provider. */
  DIRECTOR,
  /** Only the size is passed; the provider's choice is recorded and checked for overlap. */
  PROVIDER
}
