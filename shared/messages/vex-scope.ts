import { isDigest } from "../domain/digest.ts";
import type { ExemptionScope } from "../domain/exemption.ts";
import { isRegistryHost, isRepository } from "../domain/image-reference.ts";
import { parsePackageUrl, type PackageUrl } from "../domain/package-url.ts";

/**
 * What the product of an OpenVEX statement is among our images, or a sentence that says why that cannot be told. Never
 * wider than the product: what cannot be asked of an image is not left out.
 * @param product package URL of an image (pkg:oci/…) or of a package
 * @param part package URL of a package in the image
 */
export function toVexScope(product: string, part: string | undefined): ExemptionScope | string {
  const parsed = parsePackageUrl(product);
  if (parsed === undefined) return "Its product is not named by a package URL (pkg:oci/… or that of a package).";
  if (part !== undefined && parsePackageUrl(part) === undefined)
    return "Its subcomponent is not named by a package URL.";
  if (parsed.type !== "oci")
    return part === undefined ? { package: product } : "A package inside a package cannot be told apart in an image.";
  const image = toImageScope(parsed);
  return typeof image === "string" || part === undefined ? image : { ...image, package: part };
}

/** https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md */
function toImageScope({ name, version, qualifiers }: PackageUrl): ExemptionScope | string {
  const arch = qualifiers.get("arch");
  const platform = arch === undefined ? {} : { platform: `${qualifiers.get("os") ?? "linux"}/${arch}` };
  if (version !== undefined)
    return isDigest(version) ? { digest: version, ...platform } : "Its product's version is not a sha256 digest.";
  if (qualifiers.has("tag")) return "A tag moves on: its product needs the digest.";
  const at = qualifiers.get("repository_url");
  if (at === undefined) return isRepository(name) ? { repository: `**/${name}`, ...platform } : notARepository;
  return isRepositoryUrl(at) ? { repository: at, ...platform } : notARepository;
}

const notARepository = "Its product does not name a repository such as shop.azurecr.io/team/web.";

/** With the registry's host, which has a dot or a port; nothing in it means more than itself in a glob. */
function isRepositoryUrl(text: string): boolean {
  const [host = "", ...path] = text.split("/");
  return /[.:]/.test(host) && isRegistryHost(host) && isRepository(path.join("/"));
}
