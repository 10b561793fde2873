import { contentId } from "./content-id.ts";
import type { Exemption } from "./exemption.ts";

/** What one has to remember of an exemption to see later that it became different, and whom that concerns. */
export interface ExemptionMark {
  readonly id: string;
  /** Changes when the exemption applies to something else, or until another instant. */
  readonly version: string;
  /** Missing: any image may be concerned. */
  readonly vulnerability?: string | undefined;
}

/** The vulnerabilities whose images are to be looked at, or every image. */
export type ReviewScope = readonly string[] | "everything";

/** More than 1,000 are remembered as a whole, so that they fit into a checkpoint: any change concerns every image then. */
export function marksOf(exemptions: readonly Exemption[]): readonly ExemptionMark[] {
  const marks = exemptions.map(markOf);
  if (marks.length <= 1000) return marks;
  return [{ id: "*", version: contentId("exemptions", ...marks.map(({ id, version }) => `${id} ${version}`).sort()) }];
}

function markOf({ id, scope, until }: Exemption): ExemptionMark {
  const { vulnerability, package: named, repository, digest, platform } = scope;
  const parts = [vulnerability, named, repository, digest, platform, until?.toISOString()];
  const version = contentId("exemption", ...parts.map((part) => part ?? "")).slice(0, 16);
  return { id, version, ...(vulnerability !== undefined && { vulnerability }) };
}

/** Whom it concerns that exemptions began to apply, ended or became others. */
export function compareMarks(before: readonly ExemptionMark[], now: readonly ExemptionMark[]): ReviewScope {
  const key = ({ id, version }: ExemptionMark) => `${id} ${version}`;
  const known = new Set(before.map(key));
  const still = new Set(now.map(key));
  const different = [...before.filter((mark) => !still.has(key(mark))), ...now.filter((mark) => !known.has(key(mark)))];
  const names = different.flatMap(({ vulnerability }) => vulnerability?.toUpperCase() ?? []);
  return names.length < different.length ? "everything" : bounded([...new Set(names)]);
}

export function joinScopes(a: ReviewScope, b: ReviewScope): ReviewScope {
  return a === "everything" || b === "everything" ? "everything" : bounded([...new Set([...a, ...b])]);
}

/** Asking for many vulnerabilities one by one takes longer than looking at every image once. */
function bounded(names: readonly string[]): ReviewScope {
  return names.length > 200 ? "everything" : names.toSorted();
}
