package io.dualstack.impl.cell;

import io.dualstack.cell.AttachedContainer;
import io.dualstack.impl.cni.datastore.DescribedContainer;
import io.dualstack.impl.cni.datastore.MetadataStore;
import io.dualstack.impl.cni.datastore.SilkStore;
import io.dualstack.impl.http.Answer;
import io.dualstack.impl.workload.DiegoFormats;
import io.dualstack.net.IpAddress;
import io.dualstack.workload.InstanceRecord;
import io.dualstack.workload.NetInfo;
import io.dualstack.workload.PreferredAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The containers that a cell has attached, as records of instances, read anew each time. A cell
 * knows neither in which state an application is nor since when, and not what ports are mapped; so
 * it says none of that.
 */
public final class CellInstances {
  private static final Logger LOG = LoggerFactory.getLogger(CellInstances.class);

  /** The state of all of them. */
  private static final String ATTACHED = "ATTACHED";

  private final IpAddress cell;
  private final SilkStore attached;
  private final @Nullable MetadataStore described;

  /**
   * Names the files; they need not be there.
   *
   * @param cell the cell's address
   * @param attached the file of containers of silk-cni
   * @param described that of the wrapper plugin, which knows what they are for; null for none
   */
  public CellInstances(IpAddress cell, Path attached, @Nullable Path described) {
    this.cell = cell;
    this.attached = new SilkStore(attached);
    this.described = described == null ? null : new MetadataStore(described);
  }

  /**
   * Returns a document of records in the order of the containers' handles, or an error in words if
   * a file can't be read.
   */
  public Answer answer() {
    try {
      return Answer.ok(new DiegoFormats().instanceRecords(read()));
    } catch (IOException | IllegalArgumentException e) {
      LOG.atWarn().log("the containers of this cell can't be told: {}", e.getMessage());
      return Answer.error(500, "the containers of this cell can't be told: " + e.getMessage());
    }
  }

  private List<InstanceRecord> read() throws IOException {
    Map<IpAddress, DescribedContainer> known =
        described == null
            ? Map.of()
            : described.read().stream()
                .collect(
                    Collectors.toMap(
                        each -> each.container().ipv4(),
                        Function.identity(),
                        (one, other) -> other));
    return attached.read().stream().map(each -> instance(each, known.get(each.ipv4()))).toList();
  }

  private InstanceRecord instance(
      AttachedContainer container, @Nullable DescribedContainer described) {
    return new InstanceRecord(
        described == null ? "" : described.application(),
        described == null ? 0 : described.index(),
        "",
        container.handle(),
        "",
        new NetInfo(
            cell,
            List.of(),
            container.ipv4(),
            PreferredAddress.UNKNOWN,
            container.ipv6Address(),
            Map.of()),
        ATTACHED,
        Instant.EPOCH,
        Map.of());
  }
}
