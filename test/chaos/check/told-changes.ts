import type { ToldAlert, ToldFinding } from "../world/consumer.ts";

/** What one alert says about one manifest. */
export interface ToldChanges {
  readonly alert: string;
  /** As `repository@digest`. */
  readonly subject: string;
  /** The database that the manifest was judged with, by its date. */
  readonly database: string;
  /** When it became so. */
  readonly at: string;
  /** Told with other platforms, which waited for each other, so it may tell what others told before. */
  readonly isHeld: boolean;
  readonly cause: string;
  readonly findings: readonly ToldFinding[];
}

/** An alert about an index speaks of several manifests, and names those that a finding is in. */
export function toldChanges({ id, type, subject, time, data }: ToldAlert): readonly ToldChanges[] {
  const { findings = [], platforms, scan, cause = "" } = data;
  if (type !== "dev.tidewatch.findings.changed") return [];
  if (platforms === undefined)
    return [{ alert: id, subject, database: scan?.database.updatedAt ?? "", at: time, isHeld: false, cause, findings }];
  const repository = subject.replace(/@.*/, "");
  return platforms.map(({ digest, platform, scan: { scannedAt, database } }) => ({
    alert: id,
    subject: `${repository}@${digest}`,
    database: database.updatedAt,
    at: scannedAt,
    isHeld: true,
    cause,
    findings: findings.filter(
      ({ platforms: where = [] }) => where.includes(digest) || where.includes(platform ?? digest),
    ),
  }));
}
