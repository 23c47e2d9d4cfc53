package io.dualstack.testkit.cloud.aws;

/** An error as EC2 answers it. */
final class Ec2Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int BAD_REQUEST = 400;

  private final int status;
  private final String code;

  private Ec2Refusal(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  Ec2Refusal(String code, String message) {
    this(BAD_REQUEST, code, message);
  }

  static Ec2Refusal ofStatus(int status, String code, String message) {
    return new Ec2Refusal(status, code, message);
  }

  static Ec2Refusal value(String value, String name, String why) {
    return new Ec2Refusal(
        "InvalidParameterValue",
        "Value (%s) for parameter %s is invalid. %s".formatted(value, name, why));
  }

  static Ec2Refusal combination(String message) {
    return new Ec2Refusal("InvalidParameterCombination", message);
  }

  static Ec2Refusal noInterface(String id) {
    return new Ec2Refusal(
        "InvalidNetworkInterfaceID.NotFound",
        "The networkInterface ID '" + id + "' does not exist");
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }
}
