package io.dualstack.testkit.cloud.aws;

import java.util.Collection;
import java.util.function.BiConsumer;

/** Writes an XML answer element by element. */
final class Ec2Xml {
  private final StringBuilder text = new StringBuilder();

  Ec2Xml element(String name, Object value) {
    text.append('<').append(name).append('>');
    escape(String.valueOf(value));
    text.append("</").append(name).append('>');
    return this;
  }

  Ec2Xml open(String name) {
    text.append('<').append(name).append('>');
    return this;
  }

  Ec2Xml close(String name) {
    text.append("</").append(name).append('>');
    return this;
  }

  /** A set of items, as EC2 writes lists. */
  <T> Ec2Xml items(String name, Collection<T> items, BiConsumer<Ec2Xml, T> writer) {
    open(name);
    for (T item : items) {
      open("item");
      writer.accept(this, item);
      close("item");
    }
    return close(name);
  }

  /** A set of items that are texts. */
  Ec2Xml texts(String name, Collection<?> items) {
    open(name);
    items.forEach(item -> element("item", item));
    return close(name);
  }

  private void escape(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '<' -> text.append("&lt;");
        case '>' -> text.append("&gt;");
        case '&' -> text.append("&amp;");
        default -> text.append(c);
      }
    }
  }

  static String answer(String action, String requestId, Ec2Xml content) {
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <%1$sResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>%2$s</requestId>%3$s</%1$sResponse>
        """
        .formatted(action, requestId, content.text);
  }

  static String error(String code, String message, String requestId) {
    Ec2Xml error = new Ec2Xml().element("Code", code).element("Message", message);
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <Response><Errors><Error>%s</Error></Errors><RequestID>%s</RequestID></Response>
        """
        .formatted(error.text, requestId);
  }
}
