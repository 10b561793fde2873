import { cpus, loadavg, totalmem } from "node:os";
import { parseArgs, styleText } from "node:util";
import { findOrGetTrivy } from "../../shared/adapters/trivy/binary/find-or-get-trivy.ts";
import { streamProgress } from "../../shared/adapters/trivy/binary/stream-progress.ts";
import { TrivyUnavailableError } from "../../shared/adapters/trivy/binary/trivy-unavailable-error.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import type { Bench } from "./bench-result.ts";
import { drainBench } from "./drain/drain-bench.ts";
import { intakeBench } from "./intake/intake-bench.ts";
import { pushBench } from "./push/push-bench.ts";
import { resultTable } from "./result-table.ts";

const benches: Readonly<Record<string, Bench>> = { push: pushBench, drain: drainBench, intake: intakeBench };

const helpText = `Usage: npm run bench -- push|drain|intake [--quick] [--json]

Measures a real Tidewatch (a process of its own) on this machine, offline. docs/performance.md says what is compared.

  push     from the push of an image to its alert, beside bare \`trivy image\`: time and memory
  drain    many waiting images, until the last alert, beside \`xargs -P2 trivy image\`
  intake   events that are taken and stored in a second, with few and with many waiting already

  --quick  fewer rounds and images: less than a minute
  --json   the last line of standard output is the result as one JSON object
  --help   this text

Exit status: 0 measured, 1 could not measure, 2 wrong use, 130 interrupted.`;

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => interruption.abort());
process.exitCode = await main(process.argv.slice(2), interruption.signal);

async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const wish = parseWish(args);
  if (typeof wish === "string") {
    console.error(`${wish}\nTry: npm run bench -- --help`);
    return 2;
  }
  if (wish.bench === undefined) {
    console.log(helpText);
    return 0;
  }
  try {
    const trivy = await findOrGetTrivy({
      environment: process.env,
      progress: streamProgress(process.stderr, systemClock),
      signal,
    });
    const tell = (text: string) => console.error(styleText("dim", text, { stream: process.stderr }));
    const loadBefore = loadavg();
    const result = await wish.bench({ quick: wish.quick, trivy, tell, signal });
    const load = { before: loadBefore, after: loadavg() };
    const figures = { quick: wish.quick, ...result.figures, machine: { ...machine(), trivy: trivy.version }, load };
    if (!wish.json) console.log(resultTable(result.rows));
    else console.log(JSON.stringify({ bench: wish.name, ...figures }));
    return 0;
  } catch (error) {
    if (signal.aborted) return 130;
    if (!(error instanceof TrivyUnavailableError)) throw error;
    console.error(`${styleText("red", "error:", { stream: process.stderr })} ${error.message}`);
    return 1;
  }
}

function machine() {
  const [processor] = cpus();
  const memoryGb = Math.round(totalmem() / 1e9);
  return { processors: cpus().length, model: processor?.model, memoryGb, node: process.version };
}

function parseWish(args: readonly string[]) {
  const flag = { type: "boolean", default: false } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { quick: flag, json: flag, help: { ...flag, short: "h" } },
      allowPositionals: true,
    });
    const { quick, json, help } = values;
    if (help) return { quick, json, name: "help", bench: undefined };
    const [name = "", ...more] = positionals;
    const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
    if (bench === undefined || more.length > 0)
      return `Name one of ${Object.keys(benches).join(", ")}, not "${positionals.join(" ")}".`;
    return { quick, json, name, bench };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
