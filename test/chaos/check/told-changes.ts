import type { ToldAlert, ToldFinding } from "../world/consumer.ts";

/** What one alert says about one manifest. */
export interface ToldChanges {
  readonly alert: string;
  /** As `repository@digest`. */
  readonly subject: string;
  /** The database that the manifest was judged with, by its date. */
  readonly database: string;
  readonly findings: readonly ToldFinding[];
}

/** An alert about an index speaks of several manifests, and names those that a finding is in. */
export function toldChanges({ id, type, subject, data }: ToldAlert): readonly ToldChanges[] {
  const { findings = [], platforms, scan } = data;
  if (type !== "dev.tidewatch.findings.changed") return [];
  if (platforms === undefined) return [{ alert: id, subject, database: scan?.database.updatedAt ?? "", findings }];
  const repository = subject.replace(/@.*/, "");
  return platforms.map(({ digest, platform, scan: { database } }) => ({
    alert: id,
    subject: `${repository}@${digest}`,
    database: database.updatedAt,
    findings: findings.filter(
      ({ platforms: where = [] }) => where.includes(digest) || where.includes(platform ?? digest),
    ),
  }));
}
