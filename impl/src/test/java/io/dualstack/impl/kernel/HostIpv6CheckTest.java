package io.dualstack.impl.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.KernelException;
import io.dualstack.cell.HostIpv6;
import io.dualstack.cell.HostIpv6.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostIpv6CheckTest {
  @TempDir Path root;

  @Test
  void ipv6_is_there_when_its_settings_are_and_none_turns_it_off() throws IOException {
    given("proc/sys/net/ipv6/conf/all/disable_ipv6", "0");
    given("sys/module/ipv6/parameters/disable", "0");
    given("sys/module/ipv6/parameters/disable_ipv6", "0");

    assertThat(read().state()).isEqualTo(State.ENABLED);
    assertThat(read().isEnabled()).isTrue();
  }

  @Test
  void a_kernel_without_the_module_is_told_from_one_that_was_booted_without_ipv6()
      throws IOException {
    HostIpv6 nothing = read();
    given("sys/module/ipv6/parameters/disable", "1");
    HostIpv6 booted = read();

    assertThat(nothing.state()).isEqualTo(State.ABSENT);
    assertThat(nothing.reason()).contains("modprobe ipv6").contains("does not exist");
    assertThat(booted.state()).isEqualTo(State.DISABLED_AT_BOOT);
    assertThat(booted.reason()).contains("ipv6.disable=1");
  }

  @Test
  void the_setting_is_told_from_the_boot_parameter_that_has_the_same_effect() throws IOException {
    given("proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
    HostIpv6 set = read();
    given("sys/module/ipv6/parameters/disable_ipv6", "1");
    HostIpv6 booted = read();

    assertThat(set.state()).isEqualTo(State.DISABLED_BY_SYSCTL);
    assertThat(set.reason()).contains("net.ipv6.conf.all.disable_ipv6");
    assertThat(booted.state()).isEqualTo(State.DISABLED_AT_BOOT);
    assertThat(booted.reason()).contains("ipv6.disable_ipv6=1");
    assertThat(booted.isEnabled()).isFalse();
  }

  @Test
  void the_boot_parameter_shows_in_what_devices_begin_with() throws IOException {
    given("proc/sys/net/ipv6/conf/all/disable_ipv6", "0");
    given("proc/sys/net/ipv6/conf/default/disable_ipv6", "1");

    assertThat(read().state()).as("somebody's own choice").isEqualTo(State.ENABLED);

    given("sys/module/ipv6/parameters/disable_ipv6", "1");
    assertThat(read().state()).isEqualTo(State.DISABLED_AT_BOOT);

    given("proc/sys/net/ipv6/conf/default/disable_ipv6", "0");
    assertThat(read().state()).as("undone since").isEqualTo(State.ENABLED);
  }

  @Test
  void a_flag_that_is_none_is_refused() throws IOException {
    given("proc/sys/net/ipv6/conf/all/disable_ipv6", "perhaps");

    assertThatThrownBy(this::read)
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("perhaps");
  }

  private HostIpv6 read() {
    return new HostIpv6Check(root).read(Namespace.own());
  }

  private void given(String file, String content) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content + "\n");
  }
}
