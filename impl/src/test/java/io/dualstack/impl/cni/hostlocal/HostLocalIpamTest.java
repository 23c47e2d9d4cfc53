package io.dualstack.impl.cni.hostlocal;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualstack.cni.AddressRange;
import io.dualstack.cni.Attachment;
import io.dualstack.cni.Ipam;
import io.dualstack.cni.IpamConfig;
import io.dualstack.cni.IpamDurability;
import io.dualstack.cni.RangeSet;
import io.dualstack.net.IpPrefix;
import io.dualstack.testkit.contract.IpamContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostLocalIpamTest {
  @TempDir private Path dataDir;

  @Nested
  class Durable extends IpamContract {
    @Override
    protected Ipam open() {
      return new HostLocalIpam(IpamDurability.DURABLE);
    }
  }

  @Nested
  class LikeTheOriginal extends IpamContract {
    @Override
    protected Ipam open() {
      return new HostLocalIpam(IpamDurability.PROCESS);
    }
  }

  private IpamConfig config() {
    return IpamConfig.of(
        "net", dataDir, RangeSet.of(AddressRange.of(IpPrefix.parse("10.0.0.0/16"))));
  }

  @Test
  void reads_the_directory_once_as_long_as_nobody_else_writes() {
    HostLocalIpam ipam = new HostLocalIpam(IpamDurability.PROCESS);

    for (int i = 0; i < 100; i++) {
      ipam.add(config(), new Attachment("c" + i, "eth0"));
      if (i % 3 == 0) {
        ipam.release(config(), new Attachment("c" + i, "eth0"));
      }
    }

    assertThat(ipam.listings(config())).isEqualTo(1);
  }

  @Test
  void reads_it_again_after_another_has_written() throws IOException {
    HostLocalIpam ipam = new HostLocalIpam(IpamDurability.PROCESS);
    ipam.add(config(), new Attachment("c0", "eth0"));

    Files.writeString(dataDir.resolve("net/10.0.0.3"), "other\r\neth0");
    var result = ipam.add(config(), new Attachment("c1", "eth0"));

    assertThat(result.ips().get(0).address()).hasToString("10.0.0.4/16");
    assertThat(ipam.listings(config())).isEqualTo(2);
  }

  @Test
  void a_file_replaced_by_another_of_the_same_name_has_a_new_owner() throws IOException {
    HostLocalIpam ipam = new HostLocalIpam(IpamDurability.PROCESS);
    ipam.add(config(), new Attachment("c0", "eth0"));
    Path file = dataDir.resolve("net/10.0.0.2");

    Files.delete(file);
    Files.writeString(file, "c9\r\neth0");

    assertThat(ipam.release(config(), new Attachment("c0", "eth0"))).isEmpty();
    assertThat(ipam.release(config(), new Attachment("c9", "eth0"))).hasSize(1);
  }

  @Test
  void a_directory_removed_in_between_starts_anew() throws IOException {
    HostLocalIpam ipam = new HostLocalIpam(IpamDurability.PROCESS);
    ipam.add(config(), new Attachment("c0", "eth0"));
    Path directory = dataDir.resolve("net");
    Files.move(directory, dataDir.resolve("away"));

    var result = ipam.add(config(), new Attachment("c0", "eth0"));

    assertThat(result.ips().get(0).address()).hasToString("10.0.0.2/16");
  }

  @Test
  void files_are_the_owners_alone() throws IOException {
    new HostLocalIpam(IpamDurability.DURABLE).add(config(), new Attachment("c0", "eth0"));

    for (String name : new String[] {"10.0.0.2", "last_reserved_ip.0"}) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(dataDir.resolve("net").resolve(name))))
          .isEqualTo("rw-------");
    }
  }
}
