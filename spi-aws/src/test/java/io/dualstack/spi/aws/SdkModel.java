package io.dualstack.spi.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** The service's model as the SDK's request classes hold it: names and types of parameters. */
final class SdkModel {
  private SdkModel() {}

  /** Returns what of a request isn't in the model. */
  static List<String> findings(String action, Map<String, String> parameters) {
    List<String> findings = new ArrayList<>();
    parameters.forEach(
        (name, value) -> {
          Optional<SdkField<?>> field =
              find(request(action).sdkFields(), List.of(name.split("\\.")));
          if (field.isEmpty()) {
            findings.add(action + ": " + name + " is no parameter");
          } else if (!fits(field.get(), value)) {
            findings.add(
                "%s: %s = %s is no %s"
                    .formatted(action, name, value, field.get().marshallingType()));
          }
        });
    return findings;
  }

  private static SdkPojo request(String action) {
    try {
      Class<?> type =
          Class.forName("software.amazon.awssdk.services.ec2.model." + action + "Request");
      return (SdkPojo) ((SdkBuilder<?, ?>) type.getMethod("builder").invoke(null)).build();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(action + " is no action", e);
    }
  }

  private static Optional<SdkField<?>> find(List<SdkField<?>> fields, List<String> path) {
    for (SdkField<?> field : fields) {
      if (field.locationName().equals(path.get(0))) {
        return inside(field, path.subList(1, path.size()));
      }
    }
    return Optional.empty();
  }

  private static Optional<SdkField<?>> inside(SdkField<?> field, List<String> path) {
    if (path.isEmpty()) {
      return Optional.of(field);
    }
    if (field.marshallingType() == MarshallingType.LIST) {
      return path.get(0).matches("[1-9][0-9]*")
          ? inside(
              field.getRequiredTrait(ListTrait.class).memberFieldInfo(),
              path.subList(1, path.size()))
          : Optional.empty();
    }
    return field.marshallingType() == MarshallingType.SDK_POJO
        ? find(field.constructor().get().sdkFields(), path)
        : Optional.empty();
  }

  private static boolean fits(SdkField<?> field, String value) {
    if (field.marshallingType() == MarshallingType.INTEGER) {
      return value.matches("-?[0-9]+");
    }
    if (field.marshallingType() == MarshallingType.BOOLEAN) {
      return value.matches("true|false");
    }
    return field.marshallingType() == MarshallingType.STRING;
  }
}
