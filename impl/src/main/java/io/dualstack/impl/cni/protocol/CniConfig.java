package io.dualstack.impl.cni.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.cni.Attachment;
import io.dualstack.cni.CniErrorCode;
import io.dualstack.cni.CniException;
import io.dualstack.cni.CniResult;
import io.dualstack.cni.CniVersion;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration on a plugin's standard input, as the tree it is: what nobody here reads is
 * handed on to other plugins all the same. Treat the tree as immutable.
 *
 * @param tree the document
 */
public record CniConfig(ObjectNode tree) {
  /** The key of the attachments that are still there, for GC. */
  public static final String VALID_ATTACHMENTS = "cni.dev/valid-attachments";

  /**
   * Reads a configuration.
   *
   * @throws CniException with {@link CniErrorCode#DECODING_FAILURE} if it is no JSON object
   */
  public static CniConfig parse(byte[] text) {
    return new CniConfig(CniJson.parse("network config", text));
  }

  /** Returns the document for reading, with refusals of a wrong configuration. */
  public Fields fields() {
    return Fields.of(tree, CniErrorCode.INVALID_CONFIGURATION);
  }

  /** Returns the network's name; empty if there is none. */
  public String name() {
    return Fields.of(tree, CniErrorCode.DECODING_FAILURE).text("name");
  }

  /** Returns the version as written; {@code 0.1.0} if there is none. */
  public String versionText() {
    String text = Fields.of(tree, CniErrorCode.DECODING_FAILURE).text("cniVersion");
    return text.isEmpty() ? CniVersion.V0_1_0.text() : text;
  }

  /**
   * Returns the version.
   *
   * @throws CniException with {@link CniErrorCode#INCOMPATIBLE_VERSION} if we don't know it
   */
  public CniVersion version() {
    return CniVersion.parse(versionText());
  }

  /**
   * Returns the result of the plugin before, which is in the version of the configuration.
   *
   * @throws CniException if it can't be read
   */
  public Optional<CniResult> prevResult() {
    JsonNode result = tree.get("prevResult");
    if (result instanceof ObjectNode object) {
      return Optional.of(
          object.hasNonNull("cniVersion")
              ? ResultReader.read(object)
              : ResultReader.read(object, version()));
    }
    return Optional.empty();
  }

  /**
   * Returns the attachments that are still there, for GC.
   *
   * @throws CniException if the configuration doesn't say, or says it wrongly
   */
  public Set<Attachment> validAttachments() {
    if (!fields().has(VALID_ATTACHMENTS)) {
      throw fields()
          .refused(VALID_ATTACHMENTS, "is missing; GC without it would remove everything");
    }
    Set<Attachment> valid = new LinkedHashSet<>();
    for (Fields each : fields().objects(VALID_ATTACHMENTS)) {
      valid.add(new Attachment(each.text("containerID"), each.text("ifname")));
    }
    return valid;
  }
}
