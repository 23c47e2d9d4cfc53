package io.dualstack.impl.director.bosh;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.Parser;

/** Composes nodes, but no deeper than a call stack bears: the composer calls itself. */
final class BoundedComposer extends Composer {

  private static final int DEEPEST = 200;

  private final Parser events;
  private int depth;

  BoundedComposer(LoadSettings settings, Parser parser) {
    super(settings, parser);
    this.events = parser;
  }

  /** Says that lists and mappings are nested deeper than any real file has them. */
  static final class TooDeep extends RuntimeException {
    private static final long serialVersionUID = 1L;

    static final String PROBLEM =
        "lists and mappings are nested more than %d deep; check that it is the right file"
            .formatted(DEEPEST);

    private final transient Optional<Mark> mark;

    TooDeep(Optional<Mark> mark) {
      super(PROBLEM);
      this.mark = mark;
    }

    Optional<Mark> mark() {
      return mark;
    }
  }

  @Override
  protected SequenceNode composeSequenceNode(Optional<Anchor> anchor) {
    enter();
    SequenceNode node = super.composeSequenceNode(anchor);
    depth--;
    return node;
  }

  @Override
  protected Node composeMappingNode(Optional<Anchor> anchor) {
    enter();
    Node node = super.composeMappingNode(anchor);
    depth--;
    return node;
  }

  private void enter() {
    if (++depth > DEEPEST) {
      throw new TooDeep(events.peekEvent().getStartMark());
    }
  }
}
