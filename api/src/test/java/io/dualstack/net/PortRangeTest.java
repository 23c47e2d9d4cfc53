package io.dualstack.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortRangeTest {
  @Test
  void ends_are_ports_in_order() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PortRange.of(90, 80))
        .withMessage("90-80: runs backwards; write 80-90");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PortRange.single(65536))
        .withMessage("65536: not a port; use 0 to 65535");
    assertThatIllegalArgumentException().isThrownBy(() -> PortRange.single(-1));
    assertThat(PortRange.ALL.size()).isEqualTo(65536);
  }

  @ParameterizedTest
  @CsvSource({
    "80-89, 90-99, false, false, true",
    "80-89, 91-99, false, false, false",
    "80-89, 85-95, false, true,  false",
    "80-89, 81-88, true,  true,  false",
    "80-89, 80-89, true,  true,  false",
    "80,    81,    false, false, true",
  })
  void compares_with_another(
      PortRange one, PortRange other, boolean contains, boolean overlaps, boolean adjacent) {
    assertThat(one.contains(other)).isEqualTo(contains);
    assertThat(one.overlaps(other)).isEqualTo(overlaps);
    assertThat(other.overlaps(one)).isEqualTo(overlaps);
    assertThat(one.isAdjacentTo(other)).isEqualTo(adjacent);
    assertThat(other.isAdjacentTo(one)).isEqualTo(adjacent);
    assertThat(one.intersect(other).isPresent()).isEqualTo(overlaps);
  }

  @Test
  void summarizing_joins_what_touches() {
    assertThat(
            PortRange.summarize(
                List.of(
                    PortRange.single(443),
                    PortRange.of(8081, 8090),
                    PortRange.of(8000, 8080),
                    PortRange.of(8010, 8020),
                    PortRange.single(444))))
        .extracting(PortRange::toString)
        .containsExactly("443-444", "8000-8090");
  }
}
