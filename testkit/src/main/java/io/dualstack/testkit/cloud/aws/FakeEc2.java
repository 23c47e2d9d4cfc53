package io.dualstack.testkit.cloud.aws;

import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.cloud.FakeAnswer;
import io.dualstack.testkit.cloud.FakeRequest;
import io.dualstack.testkit.cloud.FakeServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The part of Amazon EC2's API that network interfaces need, on the loopback interface: {@code
 * DescribeSubnets}, {@code DescribeSecurityGroups}, {@code DescribeNetworkInterfaces}, {@code
 * CreateNetworkInterface}, {@code DeleteNetworkInterface}, {@code DetachNetworkInterface}, {@code
 * AssignPrivateIpAddresses}, {@code UnassignPrivateIpAddresses}, {@code AssignIpv6Addresses},
 * {@code UnassignIpv6Addresses}, {@code CreateTags} and {@code DeleteTags}. These are also the
 * names that {@linkplain #faults faults} go by.
 *
 * <p>It holds what the API reference documents: parameters it doesn't know are refused, and so are
 * combinations that exclude one another; addresses and prefixes lie in the subnet, aligned, free,
 * and not among the five that EC2 keeps; prefixes are /28 and /80; a NIC has limits; the primary
 * IPv4 address stays; a client token makes two calls one; pages end where they are told to; a
 * request must be signed, by anybody. Where the reference doesn't say what happens, it refuses.
 *
 * <p>Changes are seen at once, unless {@link #lag} says otherwise.
 */
public final class FakeEc2 extends FakeServer {
  private static final String SIGNATURE = "AWS4-HMAC-SHA256 Credential=";

  private final Ec2World world = new Ec2World();
  private final Ec2Actions actions = new Ec2Actions(world);
  private final AtomicInteger answered = new AtomicInteger();

  /** Starts to listen. There are no subnets and no security groups. */
  public FakeEc2() {}

  /**
   * Adds a subnet.
   *
   * @param id its identifier
   * @param vpc the VPC's identifier
   * @param zone the availability zone
   * @param ranges at most one range of each family
   * @return this
   */
  public synchronized FakeEc2 subnet(String id, String vpc, String zone, IpPrefix... ranges) {
    world.subnets.put(id, new Ec2World.Net(id, vpc, zone, List.of(ranges)));
    return this;
  }

  /**
   * Lets a subnet give every new interface an IPv6 address, if the request asks for none.
   *
   * @param id the subnet's identifier
   * @return this
   */
  public synchronized FakeEc2 addIpv6OnCreation(String id) {
    world.addsIpv6.add(id);
    return this;
  }

  /**
   * Adds a security group.
   *
   * @param id its identifier
   * @param vpc the VPC's identifier
   * @param name its name
   * @return this
   */
  public synchronized FakeEc2 securityGroup(String id, String vpc, String name) {
    world.groups.put(id, new Ec2World.Group(id, vpc, name));
    return this;
  }

  /**
   * Adds a network interface that somebody else has made.
   *
   * @param subnet the subnet's identifier
   * @param tags its tags
   * @param blocks its addresses and prefixes, the primary IPv4 address first
   * @return its identifier
   */
  public synchronized String networkInterface(
      String subnet, Map<String, String> tags, IpPrefix... blocks) {
    Eni eni = world.add(world.subnet(subnet), List.of(), "");
    world.assign(eni, List.of(blocks));
    eni.tags.putAll(tags);
    return eni.id;
  }

  /**
   * Attaches a network interface to an instance.
   *
   * @param id the interface
   * @param instance the instance's identifier
   * @param deviceIndex 0 for the primary interface of the instance
   */
  public synchronized void attach(String id, String instance, int deviceIndex) {
    world.attach(id, instance, deviceIndex);
  }

  /**
   * Removes a network interface behind everybody's back.
   *
   * @param id the interface
   */
  public synchronized void remove(String id) {
    world.remove(id);
  }

  /**
   * Lets changes show late from now on: an interface that is made, changed or deleted is described
   * as it was before for so many calls of {@code DescribeNetworkInterfaces}, and one that isn't
   * seen yet can't be changed.
   *
   * @param looks how many calls; 0 for none
   */
  public synchronized void lag(int looks) {
    world.lag = looks;
  }

  /**
   * Lets new interfaces be pending from now on, for so many calls of {@code
   * DescribeNetworkInterfaces}.
   *
   * @param looks how many calls; 0 for none
   */
  public synchronized void pendingFor(int looks) {
    world.pending = looks;
  }

  /**
   * Lets an interface be pending no longer.
   *
   * @param id the interface
   */
  public synchronized void settle(String id) {
    world.real(id).pendingLooks = 0;
  }

  /**
   * Limits what one interface can have.
   *
   * @param perFamily how many addresses and prefixes of one family; 50 unless set
   */
  public synchronized void limitPerInterface(int perFamily) {
    world.slots = perFamily;
  }

  /**
   * Limits the number of interfaces.
   *
   * @param interfaces how many there can be; 5000 unless set
   */
  public synchronized void quota(int interfaces) {
    world.quota = interfaces;
  }

  /**
   * Limits the size of a page.
   *
   * @param most how many things it has at most; 1000 unless set
   */
  public synchronized void limitPages(int most) {
    actions.pageLimit = most;
  }

  /**
   * Returns the network interfaces as they are, in order of identifier.
   *
   * @return a copy
   */
  public synchronized List<FakeNetworkInterface> networkInterfaces() {
    return world.enis().stream().map(Eni::snapshot).toList();
  }

  @Override
  protected String operation(FakeRequest request) {
    return request.form().getOrDefault("Action", List.of("")).get(0);
  }

  @Override
  protected FakeAnswer answer(FakeRequest request) {
    String action = operation(request);
    try {
      if (request.header("Authorization").filter(text -> text.startsWith(SIGNATURE)).isEmpty()) {
        throw new Ec2Refusal(
            "MissingAuthenticationToken", "Request must contain a signature of version 4");
      }
      Ec2Xml content = actions.act(action, new Ec2Form(request.form()));
      return FakeAnswer.xml(200, Ec2Xml.answer(action, requestId(), content));
    } catch (Ec2Refusal refusal) {
      return error(refusal.status(), refusal.code(), String.valueOf(refusal.getMessage()));
    }
  }

  @Override
  protected FakeAnswer throttled(FakeRequest request) {
    return error(503, "RequestLimitExceeded", "Request limit exceeded.");
  }

  @Override
  protected FakeAnswer failed(FakeRequest request) {
    return error(500, "InternalError", "An internal error has occurred");
  }

  /**
   * Returns an answer that refuses a request, to be used as a fault.
   *
   * @param code the error code
   * @param message the message
   * @return the answer
   */
  public FakeAnswer refusal(String code, String message) {
    return error(400, code, message);
  }

  private FakeAnswer error(int status, String code, String message) {
    return FakeAnswer.xml(status, Ec2Xml.error(code, message, requestId()));
  }

  private String requestId() {
    return "00000000-0000-4000-8000-%012x".formatted(answered.incrementAndGet());
  }
}
