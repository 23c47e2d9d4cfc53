package io.dualstack.impl.director;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dualstack.StoreUnavailableException;
import io.dualstack.allocation.AddressSpace;
import io.dualstack.allocation.spi.AllocationStore;
import io.dualstack.allocation.spi.Change;
import io.dualstack.allocation.spi.ChangeSet;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Remembers which provider attached a deployment, so that releasing it asks the same one. */
final class DeploymentRecord {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PREFIX = "deployment/";

  private final AllocationStore store;
  private final AddressSpace space;
  private final Clock clock;

  DeploymentRecord(AllocationStore store, AddressSpace space, Clock clock) {
    this.store = store;
    this.space = space;
    this.clock = clock;
  }

  Optional<String> providerOf(String deployment) {
    return store
        .document(space, PREFIX + deployment)
        .map(
            text -> {
              try {
                return JSON.readTree(text).path("provider").asText();
              } catch (JsonProcessingException e) {
                throw new StoreUnavailableException(
                    store.location() + ": the record of deployment " + deployment + " is damaged",
                    false,
                    e);
              }
            });
  }

  void attachedBy(String deployment, String provider) {
    if (!providerOf(deployment).equals(Optional.of(provider))) {
      String text = JSON.createObjectNode().put("provider", provider).toString();
      write(new Change.PutDocument(PREFIX + deployment, text));
    }
  }

  void forget(String deployment) {
    if (providerOf(deployment).isPresent()) {
      write(new Change.RemoveDocument(PREFIX + deployment));
    }
  }

  private void write(Change change) {
    store.commit(new ChangeSet(space, clock.instant(), List.of(change)));
  }
}
