package io.dualstack.impl.cni.datastore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualstack.StoreUnavailableException;
import io.dualstack.cell.AttachedContainer;
import io.dualstack.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SilkStoreTest {
  private static final IpAddress IPV4 = IpAddress.parse("10.255.30.2");
  private static final IpAddress IPV6 = IpAddress.parse("2001:db8:30::2");

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("made/store.json");
  }

  private SilkStore store() {
    return new SilkStore(file());
  }

  private static void noIpv6(boolean hasOthers) {
    throw new AssertionError("has no IPv6; others: " + hasOthers);
  }

  @Test
  void an_ipv4_entry_is_what_it_was_and_ipv6_comes_between() throws IOException {
    store().add("h1", IPV4, null, SilkStoreTest::noIpv6);
    String before = Files.readString(file());
    store().add("a", IpAddress.parse("10.255.30.3"), IPV6, hasOthers -> {});

    assertThat(before)
        .isEqualTo("{\"h1\":{\"handle\":\"h1\",\"ip\":\"10.255.30.2\",\"metadata\":null}}\n");
    assertThat(Files.readString(file()))
        .isEqualTo(
            "{\"a\":{\"handle\":\"a\",\"ip\":\"10.255.30.3\",\"ipv6\":\"2001:db8:30::2\",\"metadata\":null},"
                + before.substring(1));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file().getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void what_others_wrote_into_entries_stays() throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(
        file(),
        "{\"z\":{\"handle\":\"z\",\"ip\":\"10.255.30.9\",\"metadata\":{\"b\":1,\"a\":\"<&>\"}}}\n");

    store().add("h", IPV4, null, SilkStoreTest::noIpv6);

    assertThat(Files.readString(file()))
        .contains("\"metadata\":{\"b\":1,\"a\":\"\\u003c\\u0026\\u003e\"}");
    assertThat(store().read()).extracting(AttachedContainer::handle).containsExactly("h", "z");
  }

  @Test
  void the_last_with_ipv6_is_told_and_the_first_too() throws IOException {
    List<Boolean> others = new ArrayList<>();
    AtomicInteger none = new AtomicInteger();
    store().add("a", IPV4, IPV6, others::add);
    store()
        .add("b", IpAddress.parse("10.255.30.3"), IpAddress.parse("2001:db8:30::3"), others::add);
    store().add("c", IpAddress.parse("10.255.30.4"), null, SilkStoreTest::noIpv6);

    store().remove(each -> each.handle().equals("a"), none::incrementAndGet);
    assertThat(none).hasValue(0);
    store().remove(each -> each.handle().equals("b"), none::incrementAndGet);
    store().remove(each -> each.handle().equals("c"), none::incrementAndGet);

    assertThat(others).containsExactly(false, true);
    assertThat(none).hasValue(1);
    assertThat(Files.readString(file())).isEqualTo("{}\n");
  }

  @Test
  void what_fails_before_an_entry_keeps_it_out() throws IOException {
    store().add("a", IPV4, null, SilkStoreTest::noIpv6);

    assertThatThrownBy(
            () ->
                store()
                    .add(
                        "b",
                        IPV4,
                        IPV6,
                        hasOthers -> {
                          throw new IllegalStateException("no rules");
                        }))
        .hasMessage("no rules");

    assertThat(store().read()).hasSize(1);
  }

  @Test
  void a_rest_behind_the_content_is_skipped_and_nonsense_is_refused_by_name() throws IOException {
    store().add("a", IPV4, null, SilkStoreTest::noIpv6);
    Files.writeString(file(), Files.readString(file()) + "\"metadata\":null}}\n");
    assertThat(store().read()).hasSize(1);
    store().remove(each -> true, () -> {});
    assertThat(Files.readString(file())).isEqualTo("{}\n");

    Files.writeString(file(), "{\"a\":");
    assertThatThrownBy(() -> store().read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file().toString());
    Files.writeString(file(), "");
    assertThat(store().read()).isEmpty();
  }

  @Test
  void removing_without_a_file_makes_none() throws IOException {
    store().remove(each -> true, () -> {});

    assertThat(store().read()).isEmpty();
    assertThat(file()).doesNotExist();
  }

  @Test
  void containers_are_counted_and_doubt_is_an_error() throws IOException {
    Path file = directory.resolve("store.json");
    SilkStore store = new SilkStore(file);
    assertThat(store.count()).isZero();
    Files.writeString(file, "");
    assertThat(store.count()).isZero();
    Files.writeString(file, "{}\n");
    assertThat(store.count()).isZero();
    Files.writeString(
        file, "{\"c1\":{\"handle\":\"c1\",\"ip\":\"10.255.30.2\",\"metadata\":null}}\n");
    assertThat(store.count()).isEqualTo(1);
    for (String torn : new String[] {"{\"c1\":{\"ha", "[]", "7"}) {
      Files.writeString(file, torn);
      assertThatExceptionOfType(StoreUnavailableException.class)
          .as(torn)
          .isThrownBy(() -> store.count());
    }
  }
}
