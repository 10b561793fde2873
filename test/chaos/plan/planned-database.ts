import type { Advisory } from "../../support/trivy-database/advisory.ts";
import { withoutFix } from "../../support/trivy-database/without-fix.ts";
import type { SeededRandom } from "./seeded-random.ts";

/** What one database knows: the packages (0 to {@link packageCount} - 1) that are vulnerable. */
export type PlannedDatabase = ReadonlyMap<number, PlannedFlaw>;

export interface PlannedFlaw {
  readonly severity: PlannedSeverity;
  readonly fixed: boolean;
}

export type PlannedSeverity = (typeof severities)[number];
const severities = ["low", "medium", "high", "critical"] as const;

/** So few that each change of a database matters to many images. */
export const packageCount = 10;

/** Each differs from the one before in one to four packages: new, withdrawn, of another severity, or with a fix. */
export function planDatabases(random: SeededRandom, count: number): readonly PlannedDatabase[] {
  // A fix does not become unknown again, not even after its flaw was withdrawn: nobody is told of that.
  const everFixed = new Set<number>();
  const plannedFlaw = (number: number): PlannedFlaw => {
    if (random.chance(0.5)) everFixed.add(number);
    return { severity: random.pick(severities), fixed: everFixed.has(number) };
  };
  const first = new Map(
    packages.flatMap((number) => (random.chance(0.5) ? [[number, plannedFlaw(number)] as const] : [])),
  );
  const databases: PlannedDatabase[] = [first];
  for (let last = first; databases.length < count; databases.push(last)) last = changed(random, last, plannedFlaw);
  return databases;
}

const packages = Array.from({ length: packageCount }, (_, number) => number);

function changed(
  random: SeededRandom,
  before: PlannedDatabase,
  plannedFlaw: (number: number) => PlannedFlaw,
): Map<number, PlannedFlaw> {
  const after = new Map(before);
  for (let change = random.below(4); change >= 0; change -= 1) {
    const number = random.below(packageCount);
    if (after.has(number) && random.chance(0.4)) after.delete(number);
    else after.set(number, plannedFlaw(number));
  }
  return after;
}

/** Later databases are newer ones. */
export function databaseDate(number: number): Date {
  return new Date(Date.UTC(2026, 10, 1) + number * 6 * 60 * 60 * 1000);
}

export function databaseOf(updatedAt: string): number {
  return Math.round((new Date(updatedAt).getTime() - databaseDate(0).getTime()) / (6 * 60 * 60 * 1000));
}

export function packageName(number: number): string {
  return `package-${number}`;
}

export function vulnerabilityOf(number: number): string {
  return `CVE-2099-${100_000 + number}`;
}

export const installedVersion = "1.0.0";
export const fixedVersion = "2.0.0";

/** As a publisher of databases would write it. */
export function advisoriesOf(database: PlannedDatabase): readonly Advisory[] {
  return [...database].map(([number, { severity, fixed }]) => {
    const advisory: Advisory = {
      id: vulnerabilityOf(number),
      title: `${packageName(number)}: made up for a test`,
      description: "No such vulnerability exists.",
      severities: { ghsa: severity },
      cvss: {},
      weaknesses: [],
      references: [],
      publishedAt: new Date("2026-01-01T00:00:00Z"),
      lastModifiedAt: new Date("2026-01-02T00:00:00Z"),
      affected: [
        {
          ecosystem: "npm",
          package: packageName(number),
          vulnerableVersions: [`<${fixedVersion}`],
          patchedVersions: [fixedVersion],
          vendorIds: [],
        },
      ],
    };
    return fixed ? advisory : withoutFix(advisory);
  });
}
