import type { FuzzFinding } from "./fuzz-run.ts";
import type { TargetResult } from "./run-target.ts";

export interface Summary {
  readonly inputs: number;
  readonly crashes: number;
  readonly unexplained: number;
  readonly seed: number;
  readonly targets: readonly TargetSummary[];
}

export interface TargetSummary {
  readonly target: string;
  readonly inputs: number;
  readonly accepted: number;
  readonly refused: number;
  readonly crashes: number;
  readonly unexplained: number;
  /** One for each thing that was found, with the first input that shows it. */
  readonly findings: readonly (FuzzFinding & { readonly times: number; readonly replay: string })[];
}

/** Ready for JSON. */
export function summarise(seed: number, results: readonly TargetResult[]): Summary {
  const targets = results.map((result) => summariseTarget(seed, result));
  const sum = (count: (target: TargetSummary) => number) => targets.reduce((total, each) => total + count(each), 0);
  return {
    inputs: sum(({ inputs }) => inputs),
    crashes: sum(({ crashes }) => crashes),
    unexplained: sum(({ unexplained }) => unexplained),
    seed,
    targets,
  };
}

function summariseTarget(seed: number, { findings, ...result }: TargetResult): TargetSummary {
  const count = (kind: FuzzFinding["kind"]) => findings.filter((finding) => finding.kind === kind).length;
  const alike = Map.groupBy(findings, ({ kind, finding }) => `${kind} ${likeness(finding)}`);
  return {
    ...result,
    crashes: count("crash"),
    unexplained: count("unexplained"),
    findings: [...alike.values()].flatMap(([first, ...others]) =>
      first === undefined
        ? []
        : [{ ...first, times: 1 + others.length, replay: replayCommand(result.target, seed, first.input) }],
    ),
  };
}

/** Numbers and quoted parts differ from input to input where the cause is the same. */
function likeness(finding: string): string {
  return finding.replaceAll(/"[^"]*"|\d+/g, "#").slice(0, 80);
}

function replayCommand(target: string, seed: number, input: number): string {
  return `npm run fuzz -- ${target} --seed ${seed} --from ${input} --inputs 1`;
}
