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
}

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
