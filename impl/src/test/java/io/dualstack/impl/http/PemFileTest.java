package io.dualstack.impl.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemFileTest {

  @TempDir private Path folder;

  private Path file(String label, byte[] bytes) {
    Path file = folder.resolve("key.pem");
    TestAuthority.write(file, label, bytes);
    return file;
  }

  @Test
  void reads_pkcs8_keys_of_all_three_kinds() {
    for (KeyPair keys :
        new KeyPair[] {
          TestAuthority.keyPair("RSA", 2048),
          TestAuthority.keyPair("EC", 256),
          TestAuthority.keyPair("Ed25519", 255)
        }) {
      Path file = file("PRIVATE KEY", keys.getPrivate().getEncoded());

      assertThat(PemFile.read(file).privateKey()).isEqualTo(keys.getPrivate());
    }
  }

  @Test
  void reads_a_pkcs1_key() {
    for (int size : new int[] {1024, 2048, 4096}) {
      KeyPair keys = TestAuthority.keyPair("RSA", size);
      byte[] pkcs8 = keys.getPrivate().getEncoded();
      // Version and algorithm are 18 bytes; the two lengths before the key depend on the size.
      byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);

      Path file = file("RSA PRIVATE KEY", pkcs1);

      assertThat(PemFile.read(file).privateKey()).isEqualTo(keys.getPrivate());
    }
  }

  @Test
  void reads_a_sec1_key_as_openssl_writes_it_with_its_curve_in_front() throws IOException {
    KeyPair keys = TestAuthority.keyPair("EC", 256);
    byte[] secret = ((ECPrivateKey) keys.getPrivate()).getS().toByteArray();
    byte[] scalar = new byte[32];
    System.arraycopy(
        secret,
        Math.max(0, secret.length - 32),
        scalar,
        Math.max(0, 32 - secret.length),
        Math.min(32, secret.length));
    byte[] curve = {6, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 3, 1, 7};
    byte[] sec1 =
        TestAuthority.tagged(
            0x30,
            new byte[] {2, 1, 1},
            TestAuthority.tagged(0x04, scalar),
            TestAuthority.tagged(0xa0, curve));
    Path file = file("EC PRIVATE KEY", sec1);
    Files.writeString(
        file,
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
            + Files.readString(file));

    assertThat(((ECPrivateKey) PemFile.read(file).privateKey()).getS())
        .isEqualTo(((ECPrivateKey) keys.getPrivate()).getS());
  }

  @Test
  void says_what_is_wrong_with_a_file() throws IOException {
    Path missing = folder.resolve("missing.pem");
    Path empty = Files.writeString(folder.resolve("empty.pem"), "hello\n");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> PemFile.read(missing))
        .withMessageContaining(missing.toString());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PemFile.read(empty).certificates())
        .withMessageContaining("has no certificate");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PemFile.read(empty).privateKey())
        .withMessageContaining("has no private key");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PemFile.read(file("ENCRYPTED PRIVATE KEY", new byte[9])).privateKey())
        .withMessageContaining("encrypted");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PemFile.read(file("PRIVATE KEY", new byte[9])).privateKey())
        .withMessageContaining("neither RSA nor of an elliptic curve");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PemFile.read(file("EC PRIVATE KEY", new byte[9])).privateKey())
        .withMessageContaining("store it as PKCS#8");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> PemFile.read(file("EC PRIVATE KEY", new byte[] {0x30, 3, 2, 1, 1})).privateKey())
        .withMessageContaining("cut off");
  }
}
