package io.dualstack.impl.director;

import io.dualstack.allocation.AllocationRequest;
import io.dualstack.director.InstanceGroup;
import io.dualstack.director.InstanceId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One instance as the manifest wants it.
 *
 * @param id the instance
 * @param group its group
 * @param zone the zone it is put in; null when there is none
 * @param request what it wants from the allocator; null if its networks are all dynamic
 */
record DesiredInstance(
    InstanceId id,
    InstanceGroup group,
    @Nullable String zone,
    @Nullable AllocationRequest request) {

  Optional<AllocationRequest> wish() {
    return Optional.ofNullable(request);
  }
}
