package io.dualstack.allocation;

/**
 * Keeps the package in existence for {@code module-info} until its first type arrives; delete it
 * then.
 */
final class Skeleton {
  private Skeleton() {}
}
