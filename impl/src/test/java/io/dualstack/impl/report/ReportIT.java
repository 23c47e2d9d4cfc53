package io.dualstack.impl.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.Dualstack;
import io.dualstack.allocation.AllocationRequest;
import io.dualstack.allocation.NetworkDefinition;
import io.dualstack.allocation.NetworkSet;
import io.dualstack.allocation.OwnerScope;
import io.dualstack.allocation.Subnet;
import io.dualstack.impl.routing.InstalledServer;
import io.dualstack.net.IpPrefix;
import io.dualstack.net.IpSet;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a real browser shows it. */
class ReportIT {
  private static final int DYNAMIC = 0x2f6fde;
  private static final int RESERVED = 0x8592a3;
  private static final int EXTERNAL = 0x2d8f6f;
  private static final int CELL = 11 * 11;

  @TempDir private Path folder;
  private Path page;

  @BeforeEach
  void write() throws IOException {
    page = folder.resolve("report.html");
    try (Dualstack dualstack = Dualstack.builder().build()) {
      dualstack
          .allocator()
          .define(
              NetworkSet.of(
                  new NetworkDefinition.Manual(
                      "prefixes",
                      List.of(
                          Subnet.of(IpPrefix.parse("2001:db8::/64"))
                              .prefixLength(80)
                              .reserved(IpSet.parse("2001:db8::/79"))
                              .build()))));
      for (int n = 0; n < 40; n++) {
        dualstack
            .allocator()
            .allocate(AllocationRequest.forOwner("cf/cell/" + n).from("prefixes").build());
      }
      Files.writeString(
          page,
          new StorePage(
                  dualstack.storeLocation(),
                  Instant.parse("2026-11-24T12:00:00Z"),
                  dualstack.allocator().networks(),
                  dualstack.allocator().utilization(),
                  dualstack.allocator().forecast(Duration.ofDays(30)),
                  dualstack.allocator().blocks(OwnerScope.ALL))
              .html());
    }
  }

  @Test
  void its_text_is_there() throws Exception {
    Path dom = folder.resolve("dom.html");

    browse(dom, "--dump-dom");

    assertThat(Files.readString(dom))
        .contains(
            "<h3>2001:db8::/64</h3>", "memory:, read 2026-11-24T12:00:00Z: 40 blocks are held.")
        .contains("<title>2001:db8:0:0:29::/80: dynamic, cf/cell/39");
  }

  @Test
  void its_map_is_drawn_cell_by_cell() throws Exception {
    Path picture = folder.resolve("page.png");

    browse(folder.resolve("log"), "--screenshot=" + picture, "--window-size=1000,900");

    Map<Integer, Integer> pixels = colours(ImageIO.read(picture.toFile()));
    assertThat(pixels.getOrDefault(DYNAMIC, 0)).isBetween(40 * CELL, 42 * CELL);
    assertThat(pixels.getOrDefault(RESERVED, 0)).isBetween(2 * CELL, 4 * CELL);
    assertThat(pixels.getOrDefault(EXTERNAL, 0)).isBetween(1, 2 * CELL);
  }

  private static Map<Integer, Integer> colours(BufferedImage picture) {
    Map<Integer, Integer> counts = new HashMap<>();
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        counts.merge(picture.getRGB(x, y) & 0xffffff, 1, Integer::sum);
      }
    }
    return counts;
  }

  private void browse(Path out, String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(InstalledServer.find("chromium"));
    // Without its sandbox, as root has none, and with no profile of anybody's.
    command.addAll(List.of("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"));
    command.add("--user-data-dir=" + folder.resolve("profile"));
    command.addAll(List.of(options));
    command.add(page.toUri().toString());
    Path errors = folder.resolve("errors");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(errors.toFile())
            .start();
    assertThat(process.waitFor()).as(Files.readString(errors, StandardCharsets.UTF_8)).isZero();
  }
}
