package io.dualstack.impl.cni.wrapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.dualstack.KernelException;
import io.dualstack.impl.http.Answer;
import io.dualstack.impl.http.Listening;
import io.dualstack.impl.http.Plain;
import io.dualstack.impl.kernel.Namespace;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The agent by an address of IPv6, as the plugin's configuration names it. */
class PolicyAgentTest {
  @Test
  void an_agent_is_asked_by_its_address_in_brackets() throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    HttpServer server =
        Plain.start(
            Listening.address("::1", 0),
            exchange -> {
              asked.add(exchange.getRequestURI().toString());
              Plain.send(exchange, Answer.ok(""));
            });
    String address = "[::1]:" + server.getAddress().getPort();
    PolicyAgent agent = new PolicyAgent(Namespace.own(), address);
    try {
      agent.poll();
      assertThat(agent.putGroups("a-b")).isTrue();
      agent.removeGroups("a-b");
    } finally {
      server.stop(0);
    }

    assertThat(asked)
        .containsExactly(
            "/force-policy-poll-cycle",
            "/force-asgs-for-container?container=a-b",
            "/force-orphaned-asgs-cleanup?container=a-b");
    assertThatThrownBy(agent::poll)
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("Connection refused");
  }
}
