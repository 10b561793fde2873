import { parseArgs, styleText } from "node:util";
import { findOrGetTrivy } from "../../shared/adapters/trivy/binary/find-or-get-trivy.ts";
import { streamProgress } from "../../shared/adapters/trivy/binary/stream-progress.ts";
import { TrivyUnavailableError } from "../../shared/adapters/trivy/binary/trivy-unavailable-error.ts";
import { systemClock } from "../../shared/ports/clock.ts";
import { runChaos, type ChaosProgress, type ChaosResult } from "./run-chaos.ts";

const helpText = `Usage: npm run chaos -- [--kills N] [--seed S] [--round R] [--keep] [--json]

Kills a real Tidewatch (a process of its own) again and again while images are pushed, databases change and everything
around it fails, and then checks that nothing was lost, told twice, shown in part or left behind. docs/reliability.md
says what is done and what is checked.

  --kills N   how often; default 200
  --seed S    0 to 4294967295: the same seed plans the same images, events, faults and kills; default: by chance
  --round R   only this round of the run, as a failure names it
  --keep      leave the directory of a round in which something was wrong: its state, and what its processes wrote
  --json      the last line of standard output is the result as one JSON object
  --help      this text

Exit status: 0 everything held, 1 something did not or it could not run, 2 wrong use, 130 interrupted.`;

const interruption = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => interruption.abort());
process.exitCode = await main(process.argv.slice(2), interruption.signal);

async function main(args: readonly string[], signal: AbortSignal): Promise<number> {
  const wish = parseWish(args);
  if (typeof wish === "string") {
    say(process.stderr, `${wish}\nTry: npm run chaos -- --help`);
    return 2;
  }
  if (wish.help) {
    say(process.stdout, helpText);
    return 0;
  }
  const { kills, seed, round, keep } = wish;
  try {
    const progress = streamProgress(process.stderr, systemClock);
    const trivy = await findOrGetTrivy({ environment: process.env, progress, signal });
    const result = await runChaos({ kills, seed, round, keep, trivyPath: trivy.path, signal, tell: showProgress });
    const counts = { lost: count(result.lost), doubled: count(result.doubled), partial: count(result.partial) };
    const figures = { kills: result.kills, ...counts, leftovers: count(result.leftovers), seed };
    explain(result);
    say(process.stdout, wish.json ? JSON.stringify(figures) : tableOf(figures));
    return Object.values(counts).every((number) => number === 0) && figures.leftovers === 0 ? 0 : 1;
  } catch (error) {
    if (signal.aborted) return 130;
    if (!(error instanceof TrivyUnavailableError))
      say(process.stderr, `To run it again: --kills ${kills} --seed ${seed}`);
    say(process.stderr, `${styleText("red", "error:")} ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

/** Where nobody sees it, a line now and then. */
function showProgress({ kills, of }: ChaosProgress): void {
  const isLast = kills === of;
  if (process.stderr.isTTY) process.stderr.write(`\r${kills} of ${of} kills${isLast ? "\n" : ""}`);
  else if (isLast || kills % 25 === 0) say(process.stderr, `${new Date().toISOString()} ${kills} of ${of} kills`);
}

/** What went wrong, and where the processes ended. */
function explain({ lost, doubled, partial, leftovers, steps, answers, kept }: ChaosResult): void {
  for (const [name, lines] of Object.entries({ lost, doubled, partial, leftovers }))
    for (const line of lines.slice(0, 20)) say(process.stderr, `${name}: ${line}`);
  for (const directory of kept) say(process.stderr, `Kept: ${directory}`);
  const ended = [...steps].sort().map(([step, times]) => `${step} ${times}`);
  say(process.stderr, `Ended at steps: ${ended.join(", ")}. Answers looked at: ${answers}.`);
}

function tableOf(figures: Readonly<Record<string, number>>): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name.padEnd(10)} ${value}`)
    .join("\n");
}

function count(lines: readonly string[]): number {
  return lines.length;
}

function say(stream: NodeJS.WriteStream, text: string): void {
  stream.write(`${text}\n`);
}

function parseWish(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        kills: { type: "string", default: "200" },
        seed: { type: "string" },
        round: { type: "string" },
        keep: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    const kills = wholeNumber(values.kills, 1, 1_000_000);
    const seed = wholeNumber(values.seed ?? Math.floor(Math.random() * 2 ** 32).toString(), 0, 2 ** 32 - 1);
    const round = values.round === undefined ? undefined : wholeNumber(values.round, 0, 1_000_000);
    if (kills === undefined) return `--kills takes a whole number from 1, not ${values.kills}`;
    if (seed === undefined) return `--seed takes a whole number from 0 to 4294967295, not ${values.seed ?? ""}`;
    if (values.round !== undefined && round === undefined) return `--round takes a whole number, not ${values.round}`;
    return { kills, seed, round, keep: values.keep, json: values.json, help: values.help };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function wholeNumber(text: string, least: number, most: number): number | undefined {
  const number = Number(text);
  return /^\d+$/.test(text) && number >= least && number <= most ? number : undefined;
}
