package io.dualstack.impl.director.bosh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The right column is what Psych 4.0.4 of Ruby 3.1.2 answered. */
class PsychScalarTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "yes                       | BOOLEAN | true",
        "YES                       | BOOLEAN | true",
        "On                        | BOOLEAN | true",
        "true                      | BOOLEAN | true",
        "no                        | BOOLEAN | false",
        "off                       | BOOLEAN | false",
        "False                     | BOOLEAN | false",
        "y                         | STRING  | y",
        "n                         | STRING  | n",
        "nope                      | STRING  | nope",
        "null                      | NULL    | null",
        "NULL                      | NULL    | NULL",
        "~                         | NULL    | ~",
        "0777                      | INTEGER | 511",
        "0120                      | INTEGER | 80",
        "080                       | STRING  | 080",
        "09                        | STRING  | 09",
        "0x50                      | INTEGER | 80",
        "0x                        | STRING  | 0x",
        "0b11                      | INTEGER | 3",
        "0o17                      | STRING  | 0o17",
        "00                        | INTEGER | 0",
        "0_                        | INTEGER | 0",
        "1_000                     | INTEGER | 1000",
        "1,000                     | INTEGER | 1000",
        "12_                       | STRING  | 12_",
        "-5                        | INTEGER | -5",
        "+5                        | INTEGER | 5",
        "1:20                      | INTEGER | 4800",
        "10:20                     | INTEGER | 37200",
        "-1:20                     | INTEGER | -2400",
        "1:2:3                     | INTEGER | 3723",
        "190:20:30                 | INTEGER | 685230",
        "1:60                      | STRING  | 1:60",
        "1:2:3:4                   | STRING  | 1:2:3:4",
        "1:20.5                    | FLOAT   | 4830.0",
        "1:2:3.5                   | FLOAT   | 3723.5",
        "::1                       | SYMBOL  | ::1",
        "::/64                     | SYMBOL  | ::/64",
        ":foo                      | SYMBOL  | :foo",
        "2001:db8::1               | STRING  | 2001:db8::1",
        "2001:db8:0:0:0:0:0:0/64   | STRING  | 2001:db8:0:0:0:0:0:0/64",
        "20:1:2:3:4:5:6:7          | STRING  | 20:1:2:3:4:5:6:7",
        "fd00::1                   | STRING  | fd00::1",
        "1::2                      | STRING  | 1::2",
        "10.0.0.1                  | STRING  | 10.0.0.1",
        "10.0.0.0/24               | STRING  | 10.0.0.0/24",
        "10.0                      | FLOAT   | 10.0",
        "1.                        | FLOAT   | 1.0",
        ".5                        | FLOAT   | 0.5",
        ".                         | STRING  | .",
        "1e5                       | STRING  | 1e5",
        "1.0e+5                    | FLOAT   | 100000.0",
        "08.5                      | FLOAT   | 8.5",
        ".inf                      | FLOAT   | Infinity",
        "-.INF                     | FLOAT   | -Infinity",
        ".nan                      | FLOAT   | NaN",
        "2001-01-01                | TIME    | 2001-01-01",
        "2001-01-01 10:00:00       | TIME    | 2001-01-01 10:00:00",
        "z1                        | STRING  | z1",
        "((foo))                   | STRING  | ((foo))",
      })
  void reads_what_psych_reads(String text, PsychScalar.Kind kind, String value) {
    PsychScalar scalar = PsychScalar.ofPlain(text);

    assertThat(scalar.kind()).isEqualTo(kind);
    assertThat(scalar.value()).hasToString(value);
  }

  @ParameterizedTest
  @CsvSource({"'\"yes\"'", "\"'080'\"", "!!str yes", "!!str 10", "'\"10:20\"'"})
  void takes_what_is_quoted_or_tagged_for_text(String text) {
    YamlValue root = YamlFile.parse(0, "file", "k: " + text, new Findings());
    YamlValue value = Section.of(root, new Findings()).get("k");

    assertThat(value.scalar().kind()).isEqualTo(PsychScalar.Kind.STRING);
  }
}
