package io.dualstack.spi.openstack.access;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Who asks. */
public sealed interface Credentials {

  /**
   * Somebody who logs in at Keystone.
   *
   * @param who the user or credential, for messages
   * @param identity the body's {@code identity}, with secrets
   * @param scope the body's {@code scope}; null for none
   */
  record Keystone(String who, ObjectNode identity, @Nullable ObjectNode scope)
      implements Credentials {

    /** Returns the body of the login request. */
    ObjectNode body() {
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      ObjectNode auth = body.putObject("auth");
      auth.set("identity", identity);
      if (scope != null) {
        auth.set("scope", scope);
      }
      return body;
    }

    /** Returns who it is, without secrets. */
    @Override
    public String toString() {
      return who;
    }
  }

  /**
   * Nobody logs in: the network service trusts whoever reaches it.
   *
   * @param projectId the project that everything is made in; null to leave it to the service
   */
  record Nobody(@Nullable String projectId) implements Credentials {}
}
