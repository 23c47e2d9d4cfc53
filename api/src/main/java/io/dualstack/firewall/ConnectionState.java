package io.dualstack.firewall;

/** What connection tracking says of a packet. Every packet has exactly one state. */
public enum ConnectionState {
  /** It opens a connection. */
  NEW,
  /** It is not followed, as neighbor discovery. */
  UNTRACKED,
  /** It belongs to no connection that it could belong to. */
  INVALID,
  /** It belongs to a connection that is known. */
  ESTABLISHED,
  /** It is about a connection that is known, as "packet too big" is. */
  RELATED
}
