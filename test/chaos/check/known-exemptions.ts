import { vulnerabilityOf } from "../plan/planned-database.ts";
import type { PlannedExemption } from "../plan/planned-round.ts";

/** What was put up with so far, and what is at an instant. */
export interface KnownExemptions {
  readonly begin: (exemption: PlannedExemption, until: Date | undefined) => void;
  readonly end: (id: string) => void;
  readonly isInForce: (subject: string, vulnerability: string, at: Date) => boolean;
  /** Whether it ever was, or is. */
  readonly wasEverInForce: (subject: string, vulnerability: string) => boolean;
}

export function knownExemptions(): KnownExemptions {
  const all: { readonly exemption: PlannedExemption; readonly until: Date | undefined }[] = [];
  const taken = new Set<string>();
  const about = (subject: string, vulnerability: string) =>
    all.filter(
      ({ exemption }) =>
        vulnerabilityOf(exemption.package) === vulnerability &&
        (exemption.repository === undefined || subject.startsWith(`${exemption.repository}@`)),
    );
  return {
    begin: (exemption, until) => void all.push({ exemption, until }),
    end: (id) => void taken.add(id),
    isInForce: (subject, vulnerability, at) =>
      about(subject, vulnerability).some(
        ({ exemption, until }) => !taken.has(exemption.id) && (until === undefined || at < until),
      ),
    wasEverInForce: (subject, vulnerability) => about(subject, vulnerability).length > 0,
  };
}
