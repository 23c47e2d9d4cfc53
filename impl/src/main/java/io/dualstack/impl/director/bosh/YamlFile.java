package io.dualstack.impl.director.bosh;

import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/**
 * One file: its name, its nodes, and how much of it may be walked. Aliases let a short text stand
 * for endless values, so walking is counted.
 */
final class YamlFile {

  /** Real files, in which a value stands for itself and a few aliases, stay far below this. */
  private static final int VALUES_OF_SHORT_FILES = 200_000;

  private static final int VALUES_PER_CHARACTER = 4;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          // Scalars are resolved as BOSH resolves them, by PsychScalar and where one is needed.
          .setSchema(new FailsafeSchema())
          // Aliases are limited by what they stand for, see spend(), not by how many there are.
          .setMaxAliasesForCollections(Integer.MAX_VALUE)
          .setCodePointLimit(Integer.MAX_VALUE)
          // Reported by those who meet them, and with their place.
          .setAllowNonScalarKeys(true)
          .setUseMarks(true)
          .build();

  private final int order;
  private final String name;
  private final Map<Node, Map<String, KeyedNode>> merged = new IdentityHashMap<>();
  private long left;

  private YamlFile(int order, String name, int length) {
    this.order = order;
    this.name = name;
    this.left = VALUES_OF_SHORT_FILES + (long) VALUES_PER_CHARACTER * length;
  }

  /** Tells a caller that nothing more can be read; the reason is among the findings. */
  static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Parses a text.
   *
   * @param order the place of the file among all files
   * @return the one document of the file; null, with an error, if there isn't one mapping
   */
  static @Nullable YamlValue parse(int order, String name, String text, Findings findings) {
    YamlFile file = new YamlFile(order, name, text.length());
    Node root;
    try {
      String body = text.startsWith("\ufeff") ? text.substring(1) : text;
      Iterator<Node> documents =
          new BoundedComposer(SETTINGS, new ParserImpl(SETTINGS, new StreamReader(SETTINGS, body)));
      root = documents.hasNext() ? documents.next() : null;
      if (root != null && documents.hasNext()) {
        file.refuseSecond(documents.next(), findings);
        return null;
      }
    } catch (BoundedComposer.TooDeep e) {
      findings.error(file.at(e.mark()), "YamlTooLarge", BoundedComposer.TooDeep.PROBLEM);
      return null;
    } catch (ReaderException e) {
      findings.error(file.at(text, e), "YamlSyntax", notText(e));
      return null;
    } catch (MarkedYamlEngineException e) {
      findings.error(file.at(e.getProblemMark().or(e::getContextMark)), "YamlSyntax", wrong(e));
      return null;
    } catch (YamlEngineException e) {
      findings.error(file.at(Optional.empty()), "YamlSyntax", "is not YAML: " + e.getMessage());
      return null;
    }
    return root == null ? file.empty(findings) : file.mapping(root, findings);
  }

  private @Nullable YamlValue mapping(Node root, Findings findings) {
    YamlValue value = YamlValue.root(this, root);
    if (value.isNull()) {
      return empty(findings);
    }
    if (!value.isMapping()) {
      findings.error(
          value.place(),
          "ValidationInvalidType",
          "the file holds %s where a mapping is expected; check that it is the right file"
              .formatted(root instanceof ScalarNode ? "one text" : "a list"));
      return null;
    }
    return value;
  }

  private @Nullable YamlValue empty(Findings findings) {
    findings.error(
        at(Optional.empty()), "YamlEmpty", "the file is empty; check that it is the right file");
    return null;
  }

  private void refuseSecond(Node second, Findings findings) {
    findings.error(
        at(second.getStartMark()),
        "YamlMultipleDocuments",
        "a second document starts here, of which BOSH would read nothing;"
            + " put each document into a file of its own");
  }

  private static String wrong(MarkedYamlEngineException e) {
    String problem = e.getProblem() == null ? "" : e.getProblem();
    String context =
        e.getContext() == null || e.getContext().isBlank() ? "" : e.getContext() + ": ";
    String hint =
        problem.contains("mapping values are not allowed")
            ? "; quote values with a colon at their end, such as an IPv6 address that ends in ::"
            : "; correct it here or in the lines before";
    return "is not YAML: " + (context + problem).replace('\n', ' ') + hint;
  }

  private static String notText(ReaderException e) {
    return "the character U+%04X is not allowed in YAML; remove it".formatted(e.getCodePoint());
  }

  private Place at(Optional<Mark> mark) {
    return mark.map(m -> new Place(this, "", m.getLine() + 1, m.getColumn() + 1))
        .orElseGet(() -> new Place(this, "", 0, 0));
  }

  /** The reader counts code points and knows no lines. */
  private Place at(String text, ReaderException e) {
    int line = 1;
    int column = 1;
    int left = e.getPosition();
    for (int i = 0; i < text.length() && left > 0; left--) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      column++;
      if (c == '\n') {
        line++;
        column = 1;
      }
    }
    return new Place(this, "", line, column);
  }

  /**
   * Counts values that are about to be walked.
   *
   * @throws TooLarge when they are more than any file has that isn't made to exhaust its reader
   */
  void spend(int values) {
    left -= values;
    if (left < 0) {
      throw new TooLarge();
    }
  }

  Place whole() {
    return at(Optional.empty());
  }

  /** The fields of mappings that are merged into others, so that each is gathered once. */
  Map<Node, Map<String, KeyedNode>> merged() {
    return merged;
  }

  int order() {
    return order;
  }

  String name() {
    return name;
  }
}
