package io.dualstack.impl.routing;

import io.dualstack.routing.RouteAudience;
import io.dualstack.routing.RouteFormats;
import io.dualstack.routing.RouteMessage;
import io.dualstack.routing.RouterStart;

/** The formats of the components that exist. */
public final class WireRouteFormats implements RouteFormats {

  @Override
  public byte[] message(RouteMessage message, RouteAudience audience) {
    return MessageFormat.write(message, audience);
  }

  @Override
  public RouteMessage parseMessage(byte[] json) {
    return MessageFormat.read(json);
  }

  @Override
  public byte[] start(RouterStart start) {
    return StartFormat.write(start);
  }

  @Override
  public RouterStart parseStart(byte[] json) {
    return StartFormat.read(json);
  }
}
