import fc from "fast-check";
import { severities, type Severity } from "../../shared/domain/severity.ts";

/** What happened to an image, and what is true after it, found by looking back through the log instead of step by step. */

export type Happening =
  | {
      readonly kind: "scan";
      readonly shown: ReadonlyMap<number, { readonly severity: Severity; readonly fix: boolean }>;
      readonly newerDatabase: boolean;
      readonly scanner: string;
      readonly exempt: ReadonlySet<number>;
    }
  | { readonly kind: "exemptions"; readonly exempt: ReadonlySet<number> }
  | { readonly kind: "gone" }
  /** What happened last happens again. */
  | { readonly kind: "replay" };

/** Flaws are numbered; there are few, so that they come and go often. */
export const numbers = [1, 2, 3, 4, 5] as const;

const someNumbers = fc.subarray([...numbers]).map((some) => new Set(some));

const scan = fc
  .record({
    shown: fc.dictionary(
      fc.constantFrom(...numbers.map(String)),
      fc.record({ severity: fc.constantFrom(...severities), fix: fc.boolean() }),
    ),
    newerDatabase: fc.boolean(),
    scanner: fc.constantFrom("0.74.0", "0.75.0"),
    exempt: someNumbers,
  })
  .map(({ shown, ...rest }) => ({
    ...rest,
    kind: "scan" as const,
    shown: new Map(Object.entries(shown).map(([number, flaw]) => [Number(number), flaw])),
  }));

export const logs: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: scan },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("exemptions" as const), exempt: someNumbers }) },
    { weight: 1, arbitrary: fc.constant({ kind: "gone" as const }) },
    { weight: 2, arbitrary: fc.constant({ kind: "replay" as const }) },
  ),
  { maxLength: 14 },
);

/** A replay happens as what it repeats, except that there is nothing newer in it. */
export function withoutReplays(log: readonly Happening[]): readonly Happening[] {
  const all: Happening[] = [];
  for (const happening of log) {
    const last = all.at(-1);
    if (happening.kind !== "replay") all.push(happening);
    else if (last !== undefined) all.push(last.kind === "scan" ? { ...last, newerDatabase: false } : last);
  }
  return all;
}

export interface Truth {
  readonly open: boolean;
  readonly exempt: boolean;
  /** The positions of what happened. */
  readonly firstSeen: number;
  readonly ended?: { readonly kind: string; readonly at: number; readonly lastSeen: number };
  readonly severity: Severity;
  readonly fix: boolean;
}

/** What is true of one flaw after the last happening of the log; undefined when it was never seen. */
export function lookBack(log: readonly Happening[], number: number): Truth | undefined {
  const shows = (happening: Happening) => happening.kind === "scan" && happening.shown.has(number);
  const judges = (happening: Happening) => happening.kind === "scan" || happening.kind === "gone";
  const firstSeen = log.findIndex(shows);
  const lastShown = log.findLastIndex(shows);
  const last = log[lastShown];
  const flaw = last?.kind === "scan" ? last.shown.get(number) : undefined;
  if (flaw === undefined) return undefined;

  const endedAt = log.findIndex((happening, position) => position > lastShown && judges(happening));
  const ending = log[endedAt];
  const newest = log.findLast((happening) => happening.kind !== "gone");
  const retracted =
    last?.kind === "scan" && ending?.kind === "scan" && ending.newerDatabase && ending.scanner === last.scanner;
  return {
    ...flaw,
    open: ending === undefined,
    exempt: ending === undefined && newest !== undefined && "exempt" in newest && newest.exempt.has(number),
    firstSeen,
    ...(ending !== undefined && {
      ended: { kind: retracted ? "retracted" : "resolved", at: endedAt, lastSeen: lastShown },
    }),
  };
}
