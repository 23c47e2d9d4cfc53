package io.dualstack.impl.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.dualstack.KernelException;
import io.dualstack.testkit.lab.Lab;
import io.dualstack.testkit.lab.LabExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Names for namespaces, in the kernel. */
@ExtendWith(LabExtension.class)
class BindMountIT {
  @TempDir Path directory;

  @Test
  void a_namespace_is_the_same_under_its_other_name(Lab lab) throws IOException {
    Path source = lab.container("c1").namespace();
    Path target = directory.resolve("made/c1");

    BindMount.mount(source, target);
    try (Namespace one = Namespace.open(source);
        Namespace other = Namespace.open(target)) {
      assertThat(BindMount.isMounted(target)).isTrue();
      assertThat(other.isSameAs(one)).isTrue();

      BindMount.remove(target);

      assertThat(target).doesNotExist();
      assertThat(BindMount.isMounted(target)).isFalse();
      assertThat(other.isSameAs(one)).isTrue();
    }
  }

  @Test
  void what_was_mounted_more_than_once_is_taken_off_whole(Lab lab) throws IOException {
    Path target = directory.resolve("c1");
    BindMount.mount(lab.container("c1").namespace(), target);
    BindMount.mount(lab.container("c2").namespace(), target);

    BindMount.remove(target);
    BindMount.remove(target);

    assertThat(target).doesNotExist();
  }

  @Test
  void a_file_alone_is_no_mount_and_goes_too() throws IOException {
    Path file = Files.createFile(directory.resolve("c1"));

    assertThat(BindMount.isMounted(file)).isFalse();
    BindMount.remove(file);

    assertThat(file).doesNotExist();
  }

  @Test
  void what_cant_be_mounted_leaves_nothing() {
    Path target = directory.resolve("c1");

    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() -> BindMount.mount(directory.resolve("none"), target))
        .withMessageContaining("mount " + directory.resolve("none") + " on " + target);
    assertThat(target).doesNotExist();
  }
}
