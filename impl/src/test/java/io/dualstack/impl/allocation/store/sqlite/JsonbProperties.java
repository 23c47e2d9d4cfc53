package io.dualstack.impl.allocation.store.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What is written as binary JSON is what SQLite reads. */
class JsonbProperties {

  private static Connection sqlite;

  @BeforeContainer
  static void open() throws SQLException {
    sqlite = DriverManager.getConnection("jdbc:sqlite::memory:");
  }

  @AfterContainer
  static void close() throws SQLException {
    sqlite.close();
  }

  @Property
  void sqlite_reads_what_was_written(
      @ForAll long number, @ForAll("texts") String text, @ForAll byte[] bytes) throws SQLException {
    Jsonb array = new Jsonb(1);
    int begun = array.begin();
    array.number(number);
    array.text(text);
    array.text(null);
    array.hex(bytes);
    array.end(begun);

    try (PreparedStatement query =
        sqlite.prepareStatement(
            "SELECT json_valid(?1, 8), ?1->>0, ?1->>1, ?1->>2, unhex(?1->>3), json_array_length(?1),"
                + " (SELECT value->>0 FROM jsonb_each(?2))")) {
      query.setBytes(1, array.toBytes());
      query.setBytes(2, nested(array, number));
      try (ResultSet row = query.executeQuery()) {
        assertThat(row.next()).isTrue();
        assertThat(row.getInt(1)).isEqualTo(1);
        assertThat(row.getLong(2)).isEqualTo(number);
        assertThat(row.getString(3)).isEqualTo(text);
        assertThat(row.getString(4)).isNull();
        assertThat(row.getBytes(5)).isEqualTo(bytes);
        assertThat(row.getInt(6)).isEqualTo(4);
        assertThat(row.getLong(7)).isEqualTo(number);
      }
    }
  }

  /** Puts a number in front of an array that is encoded already, inside another array. */
  private static byte[] nested(Jsonb array, long number) {
    byte[] encoded = array.toBytes();
    Jsonb outer = new Jsonb(1);
    int begun = outer.begin();
    outer.array(Jsonb.sizeOf(number) + encoded.length);
    outer.number(number);
    outer.encoded(encoded);
    outer.end(begun);
    return outer.toBytes();
  }

  @Property(tries = 20)
  void sizes_of_every_width_are_read(@ForAll("lengths") int length) throws SQLException {
    String text = "é".repeat(length / 2) + "x".repeat(length % 2);

    sqlite_reads_what_was_written(length, text, text.getBytes(UTF_8));
  }

  @Provide
  Arbitrary<String> texts() {
    // Half surrogate pairs are refused; everything else is kept.
    return Arbitraries.strings()
        .ofMaxLength(40)
        .map(text -> new String(text.getBytes(UTF_8), UTF_8));
  }

  @Provide
  Arbitrary<Integer> lengths() {
    return Arbitraries.of(0, 1, 10, 11, 12, 13, 127, 254, 255, 256, 257, 65_534, 65_535, 65_536);
  }
}
