import type {
  AlertedFinding,
  AlertedPlatform,
  AlertedScan,
  FindingsChanged,
  ImageAlert,
  ScanCompleted,
} from "./alert.ts";
import { contentId } from "./content-id.ts";
import { maximumPartBytes } from "./decide-alerts.ts";
import { countChanges } from "./finding-changes.ts";
import type { ImageRecord } from "./image-record.ts";
import { formatPlatform } from "./platform.ts";
import { addSeverities, countSeverities, highestSeverity } from "./severity.ts";
import { bytesWithin, splitBySize } from "./split-by-size.ts";

/** What one platform of an index has to tell: an entry of its outbox, with all its parts. */
export interface PlatformAlerts {
  /** Of the entry. */
  readonly id: string;
  readonly alerts: readonly (FindingsChanged | ScanCompleted)[];
}

/**
 * One alert about an index in place of those of its platforms, in parts when it is large. Every change is in it once,
 * with the platforms that it happened in; what differs between platforms is told apart.
 */
export function collapseAlerts(
  index: Pick<ImageRecord, "id" | "image" | "tags">,
  members: readonly PlatformAlerts[],
): readonly ImageAlert[] {
  const alerts = members.flatMap((member) => member.alerts);
  const platforms = platformsOf(alerts);
  const scan = newestScan(platforms);
  if (scan === undefined) return [];
  const about = {
    occurredAt: new Date(Math.max(...alerts.map(({ occurredAt }) => occurredAt.getTime()))),
    image: index.image,
    tags: index.tags,
    scan,
    counts: platforms.map(({ counts }) => counts).reduce(addSeverities, countSeverities([])),
    exempted: platforms.reduce((sum, { exempted }) => sum + exempted, 0),
    platforms,
  };
  const ids = members.map(({ id }) => id).toSorted();
  const changed = alerts.filter((alert) => alert.kind === "findings.changed");
  if (changed.length === 0)
    return [{ kind: "scan.completed", id: contentId("scan.completed", index.id, ...ids), ...about }];

  const findings = mergeFindings(changed, labelsOf(platforms));
  const parts = splitBySize(findings, maximumPartBytes - platformBytes(platforms));
  return parts.map((part, number) => ({
    kind: "findings.changed",
    id: contentId("findings.changed", index.id, ...ids, number.toString()),
    ...about,
    cause: "scan",
    part: number + 1,
    parts: parts.length,
    changes: countChanges(findings.map(({ change }) => ({ kind: change }))),
    highestSeverity: highestSeverity(changed.map((alert) => alert.highestSeverity)) ?? "unknown",
    fixAvailable: changed.some(({ fixAvailable }) => fixAvailable),
    findings: part,
  }));
}

/** In the order of their first alert. Of a platform that was scanned twice: as it is after the newer one. */
function platformsOf(alerts: PlatformAlerts["alerts"]): readonly AlertedPlatform[] {
  const platforms = new Map<string, AlertedPlatform>();
  for (const { image, platform, scan, counts, exempted } of alerts) {
    const known = platforms.get(image.digest);
    if (known === undefined || known.scan.scannedAt <= scan.scannedAt)
      platforms.set(image.digest, { image, platform, scan, counts, exempted });
  }
  return [...platforms.values()];
}

/** Out of support when one of them is. */
function newestScan(platforms: readonly AlertedPlatform[]): AlertedScan | undefined {
  const [newest] = platforms.map(({ scan }) => scan).toSorted((a, b) => b.scannedAt.getTime() - a.scannedAt.getTime());
  return newest && { ...newest, endOfLife: platforms.some(({ scan }) => scan.endOfLife) };
}

/** By digest. */
function labelsOf(platforms: readonly AlertedPlatform[]): ReadonlyMap<string, string> {
  const names = platforms.map(({ platform }) => (platform === undefined ? undefined : formatPlatform(platform)));
  return new Map(
    platforms.map(({ image: { digest } }, index) => {
      const name = names[index];
      const isUnique = names.indexOf(name) === names.lastIndexOf(name);
      return [digest, name !== undefined && isUnique ? name : digest];
    }),
  );
}

function mergeFindings(
  alerts: readonly FindingsChanged[],
  labels: ReadonlyMap<string, string>,
): readonly AlertedFinding[] {
  const merged = new Map<string, AlertedFinding & { readonly platforms: readonly string[] }>();
  for (const { image, findings } of alerts) {
    const label = labels.get(image.digest) ?? image.digest;
    for (const finding of findings) {
      const key = sameness(finding);
      const known = merged.get(key);
      if (known === undefined) merged.set(key, { ...finding, platforms: [label] });
      else if (!known.platforms.includes(label)) merged.set(key, joined(known, finding, label));
    }
  }
  return [...merged.values()];
}

/** Everything that people act on. The package URL is left out: it names the architecture. */
function sameness(finding: AlertedFinding): string {
  const { change, vulnerabilityId, severity, previousSeverity, status, fixedVersion, exemption } = finding;
  const { name, installedVersion, type, path } = finding.package;
  return JSON.stringify([
    ...[vulnerabilityId, name, installedVersion, type, path],
    ...[change, severity, previousSeverity, status, fixedVersion, exemption],
  ]);
}

function joined(
  known: AlertedFinding & { readonly platforms: readonly string[] },
  { package: { purl } }: AlertedFinding,
  label: string,
) {
  const vulnerable = known.package.purl === purl ? known.package : { ...known.package, purl: undefined };
  return { ...known, package: vulnerable, platforms: [...known.platforms, label] };
}

/** The published form says the digest twice. */
function platformBytes(platforms: readonly AlertedPlatform[]): number {
  return bytesWithin(JSON.stringify(platforms)) + platforms.length * 100;
}
