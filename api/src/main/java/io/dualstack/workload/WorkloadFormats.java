package io.dualstack.workload;

import java.util.List;
import java.util.Map;

/**
 * Writes and reads what surrounds an instance in the formats of the platform. Without IPv6 the
 * output is what it was before there was IPv6, byte for byte. Thread-safe.
 */
public interface WorkloadFormats {

  /**
   * Returns the network variables of an instance's environment, as the executor sets them: {@code
   * CF_INSTANCE_IP}, {@code CF_INSTANCE_INTERNAL_IP}, {@code CF_INSTANCE_INTERNAL_IPV6} only if
   * there is one, {@code CF_INSTANCE_PORT}, {@code CF_INSTANCE_ADDR} and {@code CF_INSTANCE_PORTS}.
   * Without mapped ports, port and address are empty texts; if the first port of the cell is 0,
   * they are left out.
   *
   * @param instance where the instance is
   * @param options what else is written
   * @return the variables in their usual order; an unmodifiable map
   * @throws IllegalArgumentException if the address of the cell or of the container is missing
   */
  Map<String, String> environment(NetInfo instance, EnvironmentOptions options);

  /**
   * Returns the hosts file of a container, as Guardian writes it: {@code localhost} and the
   * container's name, the last 49 characters of its handle, in each family that it has.
   *
   * @param handle the container's handle
   * @param instance where it is
   * @return the file's text, which ends in a line feed
   * @throws IllegalArgumentException if the address of the container is missing, or the handle
   *     can't be a host's name
   */
  String hostsFile(String handle, NetInfo instance);

  /**
   * Writes net info as the JSON of an actual LRP has it. {@code address}, {@code ports} and {@code
   * preferred_address} are always there, the others only if they have a value.
   *
   * @param instance where the instance is
   * @return a JSON object
   * @throws IllegalArgumentException if another field has a name of the format's own
   */
  String netInfo(NetInfo instance);

  /**
   * Reads net info. Empty texts and nulls are missing values, as writers of every version have it;
   * fields that it doesn't know are kept, but not those of a port. A field that is known but for
   * its case is refused.
   *
   * @param json a JSON object
   * @return the net info
   * @throws io.dualstack.InvalidConfigurationException naming the JSON pointer of what is wrong
   */
  NetInfo parseNetInfo(String json);

  /**
   * Writes the instances of a process as Cloud Controller's {@code /v3/processes/:guid/stats} has
   * them. What has an address also has {@code instance_internal_ip}, empty while it starts, and
   * {@code instance_internal_ipv6} only if there is one. The order of an instance's fields is the
   * format's, those about other things come last.
   *
   * @param instances the instances, in order
   * @return a JSON object with {@code resources}
   * @throws IllegalArgumentException if a further field has a name of the format's own
   */
  String processStats(List<ProcessStats> instances);

  /**
   * Reads the instances of a process. Writers that know no IPv6 are read as having none. An
   * instance's fields that aren't known are kept, as {@link #parseNetInfo} does; those beside
   * {@code resources} are passed over, and so are addresses of an instance that is down.
   *
   * @param json a JSON object with {@code resources}
   * @return the instances, in order; an unmodifiable list
   * @throws io.dualstack.InvalidConfigurationException naming the JSON pointer of all that is wrong
   */
  List<ProcessStats> parseProcessStats(String json);

  /**
   * Writes records of instances as Diego has them, each with its net info among its own fields as
   * {@link #netInfo} writes it; those about other things come last.
   *
   * @param records the records, in order
   * @return a JSON object with {@code actual_lrps}
   * @throws IllegalArgumentException if a further field has a name of the format's own
   */
  String instanceRecords(List<InstanceRecord> records);

  /**
   * Reads records of instances. Writers that know no IPv6 are read as having none. A record's
   * fields that aren't known are kept, as {@link #parseNetInfo} does; those beside {@code
   * actual_lrps} are passed over.
   *
   * @param json a JSON object with {@code actual_lrps}
   * @return the records, in order; an unmodifiable list
   * @throws io.dualstack.InvalidConfigurationException naming the JSON pointer of all that is wrong
   */
  List<InstanceRecord> parseInstanceRecords(String json);
}
