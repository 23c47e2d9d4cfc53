package io.dualstack.impl.cni.protocol;

import io.dualstack.cni.CniException;
import io.dualstack.cni.CniResult;
import io.dualstack.cni.CniVersion;
import java.util.List;

/**
 * What a plugin does, without the protocol around it. All methods may throw {@link CniException}.
 */
public interface CniPlugin {
  /** Returns the line that is told when the plugin is started by hand. */
  String about();

  /** Returns the versions it speaks, oldest first. */
  List<CniVersion> versions();

  /** Attaches a container. */
  CniResult add(CniCall call);

  /** Detaches a container; succeeds if it isn't attached. */
  void del(CniCall call);

  /** Checks that a container is still attached as the previous result says. */
  void check(CniCall call);

  /** Removes what belongs to no valid attachment. */
  void gc(CniCall call);

  /** Checks that ADD can be served. */
  void status(CniCall call);
}
