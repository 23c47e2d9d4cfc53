package io.dualstack.impl.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dualstack.impl.lab.trace.Journal;
import io.dualstack.impl.lab.trace.Journal.Agreement;
import io.dualstack.impl.lab.trace.Journal.Decision;
import io.dualstack.impl.lab.trace.Journal.Hop;
import io.dualstack.impl.lab.trace.Journal.Parting;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** The journal of a packet, for people and programs. */
record TraceReport(Journal journal) {
  /** Two such columns, and the others, are as wide as a terminal of 120. */
  private static final int WIDTH = 45;

  void print(PrintWriter out) {
    out.printf("%s to %s: %s%n%n", journal.from(), journal.to(), journal.packet());
    boolean watched = journal.unwatched() == null;
    Table table =
        watched
            ? new Table("HOP", "DECISION", "CONFIGURATION", "KERNEL", "")
            : new Table("HOP", "DECISION", "CONFIGURATION");
    for (Hop hop : journal.hops()) {
      String name = hop.name();
      for (Decision decision : hop.decisions()) {
        row(table, name, decision, watched);
        name = "";
      }
    }
    table.print(out);
    out.println();
    out.println(summary());
    out.flush();
  }

  private static void row(Table table, String hop, Decision decision, boolean watched) {
    List<String> configured = wrapped(decision.configured());
    List<String> seen = wrapped(decision.seen());
    String flag =
        switch (decision.agreement()) {
          case AGREES -> "";
          case DIFFERS -> "DIFFERS";
          case UNKNOWN -> "?";
        };
    int lines = watched ? Math.max(configured.size(), seen.size()) : configured.size();
    for (int i = 0; i < lines; i++) {
      String name = i == 0 ? hop : "";
      String about = i == 0 ? decision.about() : "";
      if (watched) {
        table.row(name, about, line(configured, i), line(seen, i), i == 0 ? flag : "");
      } else {
        table.row(name, about, line(configured, i));
      }
    }
  }

  private static String line(List<String> lines, int number) {
    return number < lines.size() ? lines.get(number) : "";
  }

  /** Broken between words; a word that is too long stands alone. */
  private static List<String> wrapped(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (line.length() > 0 && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.length() == 0 ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private String summary() {
    String outcome = "By configuration it " + journal.outcome();
    if (journal.unwatched() != null) {
      return outcome + ". No kernel was asked: " + journal.unwatched() + ".";
    }
    return journal
        .parting()
        .map(
            parting ->
                "%s. The kernel parts from that at %s: %s."
                    .formatted(outcome, parting.hop().name(), parting.decision().about()))
        .orElse(outcome + ", and the kernels agree" + (isAllTold() ? "." : ", as far as is told."));
  }

  private boolean isAllTold() {
    return journal.hops().stream()
        .flatMap(hop -> hop.decisions().stream())
        .noneMatch(decision -> decision.agreement() == Agreement.UNKNOWN);
  }

  ObjectNode json() {
    ObjectNode document =
        Json.object()
            .put("from", journal.from())
            .put("to", journal.to())
            .put("family", journal.packet().family().label())
            .put("source", journal.packet().source().toString())
            .put("destination", journal.packet().destination().toString())
            .put("service", journal.packet().service().toString())
            .put("outcome", journal.outcome())
            .put("watched", journal.unwatched() == null);
    if (journal.unwatched() != null) {
      document.put("unwatched", journal.unwatched());
    } else {
      document.put("agrees", journal.parting().isEmpty());
    }
    journal.parting().ifPresent(parting -> parting(document.putObject("parts_at"), parting));
    ArrayNode hops = document.putArray("hops");
    for (Hop hop : journal.hops()) {
      ObjectNode node = hops.addObject().put("hop", hop.name()).put("namespace", hop.namespace());
      ArrayNode decisions = node.putArray("decisions");
      hop.decisions().forEach(decision -> json(decisions.addObject(), decision));
    }
    return document;
  }

  private static void parting(ObjectNode node, Parting parting) {
    node.put("hop", parting.hop().name()).put("decision", parting.decision().about());
  }

  private static void json(ObjectNode node, Decision decision) {
    node.put("decision", decision.about()).put("configuration", decision.configured());
    if (!decision.seen().isEmpty()) {
      node.put("kernel", decision.seen());
    }
    if (decision.agreement() == Agreement.UNKNOWN) {
      node.putNull("agrees");
    } else {
      node.put("agrees", decision.agreement() == Agreement.AGREES);
    }
  }
}
