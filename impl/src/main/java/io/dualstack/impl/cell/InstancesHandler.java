package io.dualstack.impl.cell;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.dualstack.impl.http.Answer;
import io.dualstack.impl.http.Plain;
import java.io.IOException;
import java.util.concurrent.Semaphore;

/** {@code GET /instances}: the containers of a cell as records of instances. */
public final class InstancesHandler implements HttpHandler {
  /** Where it is served. */
  public static final String PATH = "/instances";

  /**
   * Whoever is stuck with the file of containers holds up readers, and these must not take the
   * threads that plugins are answered by.
   */
  private static final int AT_A_TIME = 2;

  private final CellInstances instances;
  private final Semaphore readers = new Semaphore(AT_A_TIME);

  /** Creates the handler. */
  public InstancesHandler(CellInstances instances) {
    this.instances = instances;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("GET")) {
      Plain.sendNotAllowed(exchange, "GET");
      return;
    }
    Answer answer = answer();
    Plain.send(exchange, answer.status(), "application/json", answer.body());
  }

  private Answer answer() {
    if (!readers.tryAcquire()) {
      return Answer.error(503, "others are being told the containers of this cell; ask again");
    }
    try {
      return instances.answer();
    } finally {
      readers.release();
    }
  }
}
