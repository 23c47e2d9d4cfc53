package io.dualstack.impl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What users import names every module, in the version that is built. */
class BomTest {

  private static final Path ROOT = Path.of("..");

  private static Document pom(Path file) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
  }

  private static List<String> texts(Document pom, String path) throws Exception {
    NodeList found =
        (NodeList)
            XPathFactory.newInstance().newXPath().evaluate(path, pom, XPathConstants.NODESET);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      texts.add(found.item(i).getTextContent().strip());
    }
    return texts;
  }

  @Test
  void it_has_every_jar_of_the_build() throws Exception {
    Document root = pom(ROOT.resolve("pom.xml"));
    Document bom = pom(ROOT.resolve("api/bom/pom.xml"));
    List<String> jars = new ArrayList<>();
    for (String module : texts(root, "/project/modules/module")) {
      if (!module.equals("api/bom")) {
        jars.addAll(texts(pom(ROOT.resolve(module).resolve("pom.xml")), "/project/artifactId"));
      }
    }

    assertThat(texts(bom, "//dependencyManagement//artifactId")).isEqualTo(jars);
    assertThat(texts(bom, "//dependencyManagement//version")).containsOnly("${project.version}");
    assertThat(texts(bom, "/project/version")).isEqualTo(texts(root, "/project/version"));
    // It would bring along what the parent manages.
    assertThat(texts(bom, "/project/parent")).isEmpty();
  }

  @Test
  void the_readme_imports_the_version_that_is_built() throws Exception {
    String version = texts(pom(ROOT.resolve("pom.xml")), "/project/version").get(0);

    assertThat(Files.readString(ROOT.resolve("README.md")))
        .contains("<artifactId>dualstack-bom</artifactId>\n      <version>" + version + "<");
  }
}
