package io.dualstack.impl.routing;

import io.dualstack.impl.routing.tcp.HaproxyFormat;
import io.dualstack.routing.HaproxyConfiguration;
import io.dualstack.routing.HaproxyOptions;
import io.dualstack.routing.RouteAudience;
import io.dualstack.routing.RouteFormats;
import io.dualstack.routing.RouteMessage;
import io.dualstack.routing.RouterStart;
import io.dualstack.routing.TcpRoute;
import java.util.List;

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

  @Override
  public byte[] tcpRoutes(List<TcpRoute> routes) {
    return TcpRouteFormat.write(routes);
  }

  @Override
  public List<TcpRoute> parseTcpRoutes(byte[] json) {
    return TcpRouteFormat.read(json);
  }

  @Override
  public HaproxyConfiguration haproxy(List<TcpRoute> routes, HaproxyOptions options) {
    return HaproxyFormat.write(routes, options);
  }
}
