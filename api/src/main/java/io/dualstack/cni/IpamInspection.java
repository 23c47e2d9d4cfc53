package io.dualstack.cni;

import io.dualstack.Diagnostic;
import java.util.List;

/**
 * What is in a network's directory. Immutable.
 *
 * @param reservations the addresses in use, in address order
 * @param findings what should not be there: torn files, foreign files, other spellings of an
 *     address; each with the file as its source
 */
public record IpamInspection(List<IpamReservation> reservations, List<Diagnostic> findings) {

  /**
   * Copies the lists.
   *
   * @param reservations the addresses in use, in address order
   * @param findings what should not be there
   */
  public IpamInspection {
    reservations = List.copyOf(reservations);
    findings = List.copyOf(findings);
  }
}
