import { contentId } from "../domain/content-id.ts";
import type { Exemption } from "../domain/exemption.ts";
import type { VulnerablePackage } from "../domain/finding.ts";
import type { ImageRecord } from "../domain/image-record.ts";
import type { ImageReference } from "../domain/image-reference.ts";
import type { TrackedFinding } from "../domain/tracked-finding.ts";

/**
 * What we say of one image as an OpenVEX document, version 0.2.0: a statement for each exempted vulnerability. A risk
 * that is known and taken is `affected`, since the flaw does harm; only what somebody called harmless is `not_affected`
 * or `fixed`. The same findings and exemptions give the same document, its id and instants included.
 */
export function toVexDocument(
  { image, firstSeenAt }: ImageRecord,
  findings: readonly TrackedFinding[],
  exemptions: readonly Exemption[],
): object {
  const byId = new Map(exemptions.map((exemption) => [exemption.id, exemption]));
  const exempted = findings.flatMap((finding) => {
    const exemption = finding.exemption && byId.get(finding.exemption.id);
    return exemption === undefined || finding.ended !== undefined ? [] : [{ finding, exemption }];
  });
  const groups = Map.groupBy(exempted, ({ finding, exemption }) =>
    JSON.stringify([finding.vulnerabilityId, exemption.id]),
  );
  const statements = [...groups.keys()].sort().map((key) => toStatement(image, groups.get(key) ?? []));
  const since = exempted.map(({ finding }) => finding.exemption?.since.getTime() ?? 0);
  return {
    "@context": "https://openvex.dev/ns/v0.2.0",
    "@id": `https://openvex.dev/docs/public/vex-${contentId("vex", JSON.stringify([image, statements]))}`,
    author: "Tidewatch",
    timestamp: new Date(since.reduce((a, b) => Math.max(a, b), firstSeenAt.getTime())).toISOString(),
    version: 1,
    statements,
  };
}

interface Exempted {
  readonly finding: TrackedFinding;
  readonly exemption: Exemption;
}

function toStatement(image: ImageReference, group: readonly Exempted[]): object {
  const [first] = group;
  if (first === undefined) return {};
  const { finding, exemption } = first;
  const aliases = new Set(group.flatMap(({ finding: { aliases } }) => aliases));
  const packages = new Set(group.map(({ finding }) => purlOf(finding.package)));
  return {
    vulnerability: { name: finding.vulnerabilityId, ...(aliases.size > 0 && { aliases: [...aliases].sort() }) },
    timestamp: finding.exemption?.since.toISOString(),
    products: [{ "@id": imagePurl(image), subcomponents: [...packages].sort().map((purl) => ({ "@id": purl })) }],
    ...toVerdict(exemption),
  };
}

function toVerdict({ verdict, reason, owner, until }: Exemption): object {
  if (verdict?.status === "fixed") return { status: "fixed", status_notes: reason };
  if (verdict?.status === "not_affected")
    return {
      status: "not_affected",
      ...(verdict.justification !== undefined && { justification: verdict.justification }),
      impact_statement: reason,
    };
  const end = until === undefined ? "" : ` until ${until.toISOString()}`;
  return { status: "affected", action_statement: `Accepted by ${owner}${end}: ${reason}` };
}

function imagePurl({ registry, repository, digest }: ImageReference): string {
  const name = repository.slice(repository.lastIndexOf("/") + 1);
  const url = encodeURIComponent(`${registry}/${repository}`).replaceAll("%2F", "/");
  return `pkg:oci/${name}@${encodeURIComponent(digest)}?repository_url=${url}`;
}

function purlOf({ name, installedVersion, purl }: VulnerablePackage): string {
  return purl ?? `pkg:generic/${encodeURIComponent(name)}@${encodeURIComponent(installedVersion)}`;
}
