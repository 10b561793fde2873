import type { Digest } from "./digest.ts";
import type { ExemptionScope } from "./exemption.ts";
import type { Finding } from "./finding.ts";
import type { ImageReference } from "./image-reference.ts";
import { isWithin, parsePackageUrl } from "./package-url.ts";
import { formatPlatform, type Platform } from "./platform.ts";

/** What an exemption can ask of an image; an image record is one. */
export interface ExemptedImage {
  readonly image: ImageReference;
  readonly platform?: Platform | undefined;
  /** A scope that names an index names its manifests. */
  readonly indexes?: readonly Digest[] | undefined;
}

/** Makes a test of texts out of a glob, as the settings read globs. */
export type GlobMatcher = (glob: string) => (text: string) => boolean;

/** Whether the repository, the digest and the platform are those of the scope, as far as it names any. */
export function imageScope(scope: ExemptionScope, globs: GlobMatcher): (image: ExemptedImage) => boolean {
  const { repository, digest, platform } = scope;
  const isRepository = repository === undefined ? undefined : globs(repository);
  const hasHost = repository !== undefined && namesRegistry(repository);
  return ({ image, platform: ofImage, indexes = [] }) =>
    (isRepository === undefined ||
      isRepository(hasHost ? `${image.registry}/${image.repository}` : image.repository)) &&
    (digest === undefined || image.digest === digest || indexes.includes(digest)) &&
    (platform === undefined || (ofImage !== undefined && isPlatform(platform, ofImage)));
}

/** Whether the vulnerability and the package are those of the scope, as far as it names any. */
export function isOfFinding({ vulnerability, package: named }: ExemptionScope, finding: Finding): boolean {
  return (
    (vulnerability === undefined || isNamed(vulnerability, finding)) &&
    (named === undefined || isPackage(named, finding.package))
  );
}

/** `*.azurecr.io/team/*`, `localhost:5000/**`; not `team/web.api`. */
function namesRegistry(glob: string): boolean {
  return /^[^/]*[.:][^/]*\//.test(glob);
}

function isNamed(vulnerability: string, { vulnerabilityId, aliases }: Finding): boolean {
  const name = vulnerability.toUpperCase();
  return vulnerabilityId.toUpperCase() === name || aliases.some((alias) => alias.toUpperCase() === name);
}

function isPackage(named: string, { name, purl }: Finding["package"]): boolean {
  if (named === name) return true;
  if (purl === undefined) return false;
  const scope = parsePackageUrl(named);
  const installed = parsePackageUrl(purl);
  return scope !== undefined && installed !== undefined && isWithin(scope, installed);
}

/** Without a variant all variants are meant. */
function isPlatform(scope: string, { os, architecture, variant }: Platform): boolean {
  return scope === formatPlatform({ os, architecture }) || scope === formatPlatform({ os, architecture, variant });
}
