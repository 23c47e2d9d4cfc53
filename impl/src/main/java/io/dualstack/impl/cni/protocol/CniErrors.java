package io.dualstack.impl.cni.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.DualstackException;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;

/** The error object that a plugin prints. */
public final class CniErrors {
  private CniErrors() {}

  /** Returns the JSON of an error, without a version, as the original leaves it out. */
  public static ObjectNode write(CniException error) {
    ObjectNode object =
        CniJson.object().put("code", error.code().number()).put("msg", error.message());
    if (!error.details().isEmpty()) {
      object.put("details", error.details());
    }
    return object;
  }

  /**
   * Reads what a failed plugin printed.
   *
   * @throws CniException with {@link CniErrorCode#DECODING_FAILURE} if it is no error object
   */
  public static CniException read(ObjectNode object) {
    Fields fields = Fields.of(object, CniErrorCode.DECODING_FAILURE);
    int number = fields.number("code");
    return new CniException(
        number > 0 ? new CniErrorCode(number) : CniErrorCode.INTERNAL,
        fields.text("msg"),
        fields.text("details"),
        null);
  }

  /** Returns the error a plugin prints for anything that went wrong in it. */
  public static CniException of(RuntimeException failure) {
    if (failure instanceof CniException error) {
      return error;
    }
    String message = String.valueOf(failure.getMessage());
    return failure instanceof DualstackException
        ? new CniException(CniErrorCode.INTERNAL, message, "", failure)
        : new CniException(
            CniErrorCode.INTERNAL,
            failure.getClass().getSimpleName() + ": " + message,
            "this is a fault of the program: please report it",
            failure);
  }
}
