package io.dualstack.impl.lab.trace;

import io.dualstack.firewall.Service;
import io.dualstack.impl.lab.trace.Answer.Kind;
import io.dualstack.net.Protocol;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the sender should learn, by configuration. */
final class ExpectedAnswer {
  private ExpectedAnswer() {}

  /** Empty where that is not laid down. */
  static Optional<Answer> of(PlannedHop last) {
    PlannedHop.Ending ending = last.ending();
    if (ending == null || !(last instanceof PlannedHop.Routed routed)) {
      return Optional.empty();
    }
    Service service = routed.routed().service();
    return switch (ending) {
      case DELIVERED -> taken(last.host().ports(), service);
      case REJECTED -> Optional.of(refusal(service));
      case DROPPED -> Optional.of(new Answer(Kind.SILENCE, "no answer"));
      case UNROUTED ->
          Optional.of(
              service.protocol().isIcmp()
                  ? new Answer(Kind.SILENCE, "no answer")
                  : new Answer(Kind.UNREACHABLE, "unreachable"));
      // How long a kernel asks for it is its own affair.
      case UNANSWERED -> Optional.empty();
    };
  }

  private static Optional<Answer> taken(@Nullable Set<Integer> ports, Service service) {
    if (service.protocol().isIcmp()) {
      return Optional.of(new Answer(Kind.TAKEN, "answered"));
    }
    if (ports == null) {
      return Optional.empty();
    }
    return Optional.of(
        service.protocol().equals(Protocol.TCP) && ports.contains(service.detail())
            ? new Answer(Kind.TAKEN, "connected")
            : refusal(service));
  }

  /** Who pings is told of no refusal. */
  private static Answer refusal(Service service) {
    if (service.protocol().isIcmp()) {
      return new Answer(Kind.SILENCE, "no answer");
    }
    return new Answer(
        Kind.REFUSED,
        service.protocol().equals(Protocol.TCP) ? "connection refused" : "port unreachable");
  }
}
