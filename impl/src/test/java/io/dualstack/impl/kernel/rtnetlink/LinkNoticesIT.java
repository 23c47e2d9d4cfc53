package io.dualstack.impl.kernel.rtnetlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.impl.kernel.IpBatch;
import io.dualstack.impl.kernel.IpJson;
import io.dualstack.impl.kernel.Namespace;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a real kernel tells of links. */
@ExtendWith(LabExtension.class)
class LinkNoticesIT {
  private Namespace here;
  private Namespace elsewhere;
  private int number;
  private LinkNotices notices;

  @BeforeEach
  void a_device_that_is_watched(Lab lab) {
    here = Namespace.open(lab.container("here").namespace());
    elsewhere = Namespace.open(lab.container("elsewhere").namespace());
    IpBatch.run(
        here,
        List.of(
            "link add name d type veth peer name d2",
            "link add name other type veth peer name other2",
            "link add name b type bridge"));
    number = IpJson.read(here, "link", "show", "dev", "d").get(0).path("ifindex").asInt();
    notices = here.call(LinkNotices::open);
  }

  @AfterEach
  void close() {
    notices.close();
    List.of(here, elsewhere).forEach(Namespace::close);
  }

  /** Reads what was told, and gives up when there is no more for a while. */
  private boolean isTold() {
    Iterator<Boolean> isOver =
        Stream.concat(IntStream.range(0, 40).mapToObj(notice -> false), Stream.generate(() -> true))
            .iterator();
    return notices.awaitRemoval(number, isOver::next);
  }

  @Test
  void the_removal_of_the_link_is_told() {
    IpBatch.run(here, List.of("link delete dev d"));

    assertThat(isTold()).isTrue();
  }

  @Test
  void what_else_happens_to_it_or_to_others_is_no_removal() {
    IpBatch.run(
        here,
        List.of(
            "link set dev d up",
            "link set dev d down",
            "link set dev d name e",
            "link set dev e master b",
            "link set dev e nomaster",
            "link delete dev other"));
    assertThat(isTold()).isFalse();

    IpBatch.run(here, List.of("link set dev e netns " + elsewhere.handle()));
    assertThat(isTold()).isFalse();
  }

  @Test
  void the_removal_of_a_link_elsewhere_is_not_told() {
    IpBatch.run(
        elsewhere,
        List.of(
            "link add name d index " + number + " type veth peer name d2", "link delete dev d"));

    assertThat(isTold()).isFalse();
  }

  @Test
  void lost_notices_end_the_wait() {
    IpBatch.run(
        here,
        IntStream.range(1300, 2300).mapToObj(mtu -> "link set dev other mtu " + mtu).toList());

    assertThat(notices.awaitRemoval(number, () -> false)).isFalse();
  }
}
