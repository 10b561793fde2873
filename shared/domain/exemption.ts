import type { Digest } from "./digest.ts";

/** A person's decision to put up with findings. Everything that the scope names has to match; it names at least one thing. */
export interface Exemption {
  /** Lower case letters, digits, `-` and `.`, at most 128; unique among all sources. */
  readonly id: string;
  readonly scope: ExemptionScope;
  /** Who answers for it: a person, a team, an address. */
  readonly owner: string;
  readonly reason: string;
  readonly createdAt?: Date | undefined;
  /** It ends at this instant. Missing: when it is taken away. */
  readonly until?: Date | undefined;
  readonly source: ExemptionSource;
  /** That the flaw does no harm here, where somebody says so. Missing: the risk is known and taken. */
  readonly verdict?: ExemptionVerdict | undefined;
}

/** As in OpenVEX. */
export type ExemptionVerdict =
  | { readonly status: "fixed" }
  | { readonly status: "not_affected"; readonly justification?: Justification | undefined };

export const justifications = [
  "component_not_present",
  "vulnerable_code_not_present",
  "vulnerable_code_not_in_execute_path",
  "vulnerable_code_cannot_be_controlled_by_adversary",
  "inline_mitigations_already_exist",
] as const;

export type Justification = (typeof justifications)[number];

export interface ExemptionScope {
  /** Id or alias: CVE-…, GHSA-… Letter case does not matter. */
  readonly vulnerability?: string | undefined;
  /** A package's name, or a package URL with or without its version and qualifiers. */
  readonly package?: string | undefined;
  /** Glob of repositories, as in the settings; `registry/repository` when it has a dot or a colon before its first slash. */
  readonly repository?: string | undefined;
  readonly digest?: Digest | undefined;
  /** os/architecture or os/architecture/variant. */
  readonly platform?: string | undefined;
}

/** Where it is kept: reviewed files, the API, or somebody's OpenVEX document. */
export type ExemptionSource = "file" | "api" | "vex";

/** What a finding remembers of the exemption that applies to it. */
export interface AppliedExemption {
  readonly id: string;
  readonly since: Date;
  readonly until?: Date | undefined;
}
