import { randomInt } from "node:crypto";
import { parseArgs, styleText } from "node:util";
import { runTargets } from "./engine/run-targets.ts";
import { summarise, type Summary } from "./engine/summarise.ts";
import { fuzzProgress } from "./fuzz-progress.ts";
import { controlNames, loadTarget, targetNames } from "./targets.ts";

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => interruption.abort());
process.exitCode = await main(process.argv.slice(2), interruption.signal);

async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const wish = parseWish(args);
  if (typeof wish === "string") {
    process.stderr.write(`${wish}\nTry: npm run fuzz -- --help\n`);
    return 2;
  }
  if (wish.help) {
    process.stdout.write(`${await helpText()}\n`);
    return 0;
  }
  const { targets, seed, from, inputs, json } = wish;
  const progress = fuzzProgress(process.stderr, inputs);
  progress.tell(`${targets.length} targets, ${inputs} inputs each, seed ${seed}`);
  try {
    const results = await runTargets({ targets, seed, from, inputs, signal, ...progress });
    const summary = summarise(seed, results);
    process.stdout.write(`${json ? JSON.stringify(summary) : report(summary)}\n`);
    return summary.crashes + summary.unexplained === 0 ? 0 : 1;
  } catch (error) {
    if (signal.aborted) return 130;
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${styleText("red", "error:", { stream: process.stderr })} ${message}\n`);
    return 1;
  } finally {
    progress.end();
  }
}

function parseWish(args: readonly string[]) {
  const flag = { type: "boolean", default: false } as const;
  const number = (text: string | undefined, otherwise: number) => (text === undefined ? otherwise : wholeNumber(text));
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        ...{ inputs: { type: "string" }, seed: { type: "string" }, from: { type: "string" } },
        ...{ json: flag, help: { ...flag, short: "h" } },
      },
      allowPositionals: true,
    });
    const stranger = positionals.find((name) => ![...targetNames, ...controlNames].includes(name));
    if (stranger !== undefined) return `There is no target ${stranger}. There are ${targetNames.join(", ")}.`;
    const targets = positionals.length === 0 ? targetNames : [...new Set(positionals)];
    const seed = number(values.seed, randomInt(2 ** 31));
    const from = number(values.from, 0);
    const inputs = number(values.inputs, 10_000);
    if (inputs === undefined || seed === undefined || from === undefined)
      return "--inputs, --seed and --from take a whole number, at most 2147483647.";
    return { targets, seed, from, inputs, json: values.json, help: values.help };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) && Number(text) < 2 ** 31 ? Number(text) : undefined;
}

async function helpText(): Promise<string> {
  const width = Math.max(...targetNames.map((name) => name.length));
  const lines = await Promise.all(
    targetNames.map(async (name) => `  ${name.padEnd(width)}  ${(await loadTarget(name)).about}`),
  );
  return `Usage: npm run fuzz -- [target …] [--inputs 10000] [--seed S] [--from N] [--json]

Gives every parser at the edge inputs that were made from real ones. docs/reliability.md says what has to happen to them.

${lines.join("\n")}

  --inputs  of each target; 10000 when missing
  --seed    the same seed makes the same inputs; another one each time when missing
  --from    number of the first input, to try a single one again
  --json    the last line of standard output is the result as one JSON object
  --help    this text

Exit status: 0 nothing found, 1 crashes or refusals without a reason, 2 wrong use, 130 interrupted.`;
}

function report({ inputs, crashes, unexplained, seed, targets }: Summary): string {
  const details = targets.flatMap((target) =>
    target.findings.map(
      ({ kind, finding, times, replay, shown }) =>
        `${styleText("red", kind)} in ${target.target}, ${times} times: ${finding}\n  ${replay}\n  ${shown.slice(0, 600)}\n`,
    ),
  );
  return `${details.join("\n")}${inputs} inputs, ${crashes} crashes, ${unexplained} unexplained, seed ${seed}`;
}
