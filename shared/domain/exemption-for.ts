import { compareText } from "./compare-text.ts";
import type { AppliedExemption, Exemption } from "./exemption.ts";
import { imageScope, isOfFinding, type ExemptedImage, type GlobMatcher } from "./exemption-scope.ts";
import type { Finding } from "./finding.ts";
import { parsePackageUrl } from "./package-url.ts";

/**
 * Which exemption applies to a finding of an image at an instant, for many exemptions and many findings: a finding meets
 * only those that name its vulnerability or its package, and the few that name neither. Of several that apply it is the
 * one that ends last, then the first by id.
 */
export function exemptionsFor(
  exemptions: readonly Exemption[],
  globs: GlobMatcher,
): (image: ExemptedImage, at: Date) => (finding: Finding) => AppliedExemption | undefined {
  const compiled = exemptions
    .toSorted(longestFirst)
    .map((exemption) => ({ exemption, isOfImage: imageScope(exemption.scope, globs) }));
  const byKey = Map.groupBy(compiled, ({ exemption }) => keyOf(exemption));
  return (image, at) => {
    const ofImage = new Map<string, readonly Exemption[]>();
    const candidates = (key: string) => {
      const known = ofImage.get(key);
      if (known !== undefined) return known;
      const found = (byKey.get(key) ?? [])
        .filter(({ exemption, isOfImage }) => isInForce(exemption, at) && isOfImage(image))
        .map(({ exemption }) => exemption);
      ofImage.set(key, found);
      return found;
    };
    return (finding) => {
      const [applied] = keysOf(finding)
        .flatMap((key) => candidates(key).find(({ scope }) => isOfFinding(scope, finding)) ?? [])
        .sort(longestFirst);
      return applied && { id: applied.id, since: at, ...(applied.until !== undefined && { until: applied.until }) };
    };
  };
}

/** The same for one finding. */
export function exemptionFor(
  finding: Finding,
  image: ExemptedImage,
  exemptions: readonly Exemption[],
  at: Date,
  globs: GlobMatcher,
): AppliedExemption | undefined {
  return exemptionsFor(exemptions, globs)(image, at)(finding);
}

export function isInForce({ until }: Exemption, at: Date): boolean {
  return until === undefined || at < until;
}

function longestFirst(a: Exemption, b: Exemption): number {
  const end = ({ until }: Exemption) => until?.getTime() ?? Infinity;
  if (end(a) !== end(b)) return end(b) - end(a);
  return compareText(a.id, b.id);
}

/** An exemption has one, a finding each of those that its exemptions can have. */
function keyOf({ scope }: Exemption): string {
  if (scope.vulnerability !== undefined) return vulnerabilityKey(scope.vulnerability);
  return scope.package === undefined ? "" : packageKey(parsePackageUrl(scope.package)?.name ?? scope.package);
}

function keysOf(finding: Finding): readonly string[] {
  const { name, purl } = finding.package;
  const named = purl === undefined ? undefined : parsePackageUrl(purl)?.name;
  const names = new Set([finding.vulnerabilityId, ...finding.aliases].map(vulnerabilityKey));
  return ["", ...names, ...new Set([name, named ?? name].map(packageKey))];
}

function vulnerabilityKey(id: string): string {
  return `vulnerability ${id.toUpperCase()}`;
}

function packageKey(name: string): string {
  return `package ${name}`;
}
