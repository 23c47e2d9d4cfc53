/**
 * Reads BOSH's files: a cloud config and a deployment manifest in, a checked {@link
 * io.dualstack.director.Deployment} or every error of both files out. Open {@link
 * io.dualstack.impl.director.bosh.BoshReader} first.
 *
 * <p>Errors carry the name under which the director knows them ({@code NetworkOverlappingSubnets}).
 * Where it has none, because it accepts the mistake or fails later without a name, these are used:
 *
 * <ul>
 *   <li>of a file as a whole: {@code YamlSyntax}, {@code YamlEmpty}, {@code YamlMultipleDocuments},
 *       {@code YamlTooLarge}, {@code YamlDuplicateKey}, {@code YamlKey}, {@code YamlRecursion},
 *       {@code TooManyFindings};
 *   <li>of a value: {@code UnresolvedVariable} for a placeholder that nobody has filled in;
 *   <li>of an instance group: {@code JobDuplicateNetwork}, {@code NicGroupWithoutAddress}, {@code
 *       NicGroupSameFamilyTwice};
 *   <li>warnings: {@code YamlMergeOverrides}, {@code YamlReadsDifferently}, {@code UnknownKey},
 *       {@code IgnoredKey}, {@code NetworkHostBitsSet}, {@code NetworkPrefixLeavesNoBlocks}.
 * </ul>
 *
 * <p>BOSH reads YAML with Ruby's Psych, a reader of YAML 1.1. Addresses are taken as they are
 * written, whatever that reader would make of them without quotes; all other values mean what they
 * mean to it, see {@link io.dualstack.impl.director.bosh.PsychScalar}.
 */
@NullMarked
package io.dualstack.impl.director.bosh;

import org.jspecify.annotations.NullMarked;
