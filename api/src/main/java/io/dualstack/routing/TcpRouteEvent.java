package io.dualstack.routing;

/**
 * What happened to a route of a table.
 *
 * @param kind what happened
 * @param route the route as the table has it, or had it
 */
public record TcpRouteEvent(Kind kind, TcpRoute route) {
  /** What happens to routes. */
  public enum Kind {
    /** It is new, was changed, or was told again. */
    UPSERT,
    /** It was deleted, or its time is over. */
    DELETE
  }
}
