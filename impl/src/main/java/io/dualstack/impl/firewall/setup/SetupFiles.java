package io.dualstack.impl.firewall.setup;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where it stands what the firewall of a cell should be.
 *
 * @param config the cell, with the wrapper plugin's keys
 * @param containers the containers, as the wrapper plugin keeps them
 * @param groups security groups in Cloud Controller's JSON
 * @param policies policies with tags, as the policy server tells cells; null for none
 */
public record SetupFiles(Path config, Path containers, List<Path> groups, @Nullable Path policies) {
  /** Copies the list. */
  public SetupFiles {
    groups = List.copyOf(groups);
  }
}
