import type { OnlyThese } from "../plan/plan-round.ts";
import type { SourceEdit } from "../world/build-program.ts";

/** Something that the code does against faults, how to take it out, and the faults that show that it is missing. */
export interface Guard {
  readonly edits: readonly SourceEdit[];
  readonly only: OnlyThese;
  /** Default 5. */
  readonly kills?: number;
  /** What the run then has to find. */
  readonly breaks: "lost" | "doubled" | "partial" | "leftovers";
}

export const guards = {
  "alerts are stored together with the result": {
    breaks: "lost",
    only: { steps: ["head-written"], faults: ["none"] },
    edits: [
      {
        module: "shared/use-cases/update-image.ts",
        find: 'images.write(record, stored?.etag ?? "new", also)',
        replace: 'images.write(record, stored?.etag ?? "new", { ...also, outbox: [] })',
      },
    ],
  },
  "an alert that is published again has the same id": {
    breaks: "doubled",
    only: { steps: ["outbox-published"], faults: ["none"] },
    edits: [
      {
        module: "shared/adapters/broker/broker-alert-topic.ts",
        find: "alerts.map((alert) => ({",
        replace: "alerts.map((told) => ({ ...told, id: crypto.randomUUID() })).map((alert) => ({",
      },
    ],
  },
  "findings are saved before the record points at them, and a reader makes sure": {
    breaks: "partial",
    only: { steps: ["webhook-sent"], faults: ["none"] },
    edits: [
      {
        module: "shared/use-cases/record-changes.ts",
        find: ": images.saveFindings(record.id, followed.newSet, findings?.findings ?? []),",
        replace:
          ": void setTimeout(() => void images.saveFindings(record.id, followed.newSet, findings?.findings ?? []), 400),",
      },
      {
        module: "shared/use-cases/read-findings.ts",
        find: "return findings.filter(({ ended }) => ended === undefined).length === sumOfOpen(scan);",
        replace: "return findings.length >= 0 || sumOfOpen(scan) > 0;",
      },
    ],
  },
  "a dead letter is removed after it was sent again": {
    breaks: "lost",
    kills: 11,
    only: { steps: ["retry-queued", "letter-sent-again"], faults: ["subscriber-gone"] },
    edits: [
      {
        module: "shared/use-cases/redrive-dead-letter.ts",
        find: "await send(stored.value);",
        replace:
          'await ports.deadLetters.remove(id, stored.etag); reached("letter-sent-again"); await send(stored.value);',
      },
    ],
  },
  "images are reviewed when exemptions change, and not only when they are scanned": {
    breaks: "partial",
    kills: 10,
    // The first is not reached, so that images are scanned meanwhile.
    only: { steps: ["letter-kept", "exemption-changed"], faults: ["none"] },
    edits: [
      {
        module: "shared/use-cases/review-exemptions.ts",
        find: "if (state.work === undefined && state.again.length === 0) return",
        replace: "if (state.again.length >= 0) return",
      },
    ],
  },
  "scratch directories are emptied at the start": {
    breaks: "leftovers",
    only: { steps: ["scanner-ended"], faults: ["none"] },
    edits: [
      {
        module: "shared/adapters/trivy/running/scratch.ts",
        find: "for (const name of await readdir(root)) await removeTree(join(root, name), log);",
        replace: "await readdir(root);",
      },
    ],
  },
  "the scanner ends with the process that runs it": {
    breaks: "leftovers",
    only: { steps: ["sbom-saved"], faults: ["scanner-hangs"] },
    edits: [
      {
        module: "shared/adapters/trivy/running/choose-launch.ts",
        find: "return setpriv === undefined ? bareLaunch : dyingWithParent(setpriv);",
        replace: "return bareLaunch;",
      },
    ],
  },
} as const satisfies Readonly<Record<string, Guard>>;
