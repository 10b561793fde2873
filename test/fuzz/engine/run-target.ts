import { Worker } from "node:worker_threads";
import { WorkerReport, type FuzzFinding, type FuzzRun } from "./fuzz-run.ts";
import { boardBytes, notStarted, threadBoard } from "./thread-board.ts";

export interface TargetResult {
  readonly target: string;
  readonly inputs: number;
  readonly accepted: number;
  readonly refused: number;
  readonly findings: readonly FuzzFinding[];
}

export interface RunOptions {
  /** Gets how many inputs have been tried, now and then. */
  readonly progress?: (tried: number) => void;
  readonly signal?: AbortSignal;
  /** After so long without an end an input counts as one that hangs. Long when missing: the machine may be busy. */
  readonly hangMs?: number;
}

/**
 * Runs the inputs in a thread of its own: one that hangs, or takes all the memory there is, ends the thread and not the
 * run, which goes on with the next input. Rejects when the signal is aborted.
 */
export async function runTarget(
  run: FuzzRun,
  { progress, signal, hangMs = 15_000 }: RunOptions = {},
): Promise<TargetResult> {
  const findings: FuzzFinding[] = [];
  const found = (finding: FuzzFinding) => void findings.push(finding);
  const counts = { accepted: 0, refused: 0 };
  const end = run.from + run.inputs;
  for (let from = run.from; from < end;) {
    const part = { ...run, from, inputs: end - from };
    const ended = await runThread(part, { found, progress: (at) => progress?.(at - run.from), signal, hangMs });
    signal?.throwIfAborted();
    counts.accepted += ended.accepted;
    counts.refused += ended.refused;
    if (ended.kind === "done") break;
    if (ended.input === notStarted) throw new Error(`${run.target} cannot be fuzzed: ${ended.finding}`);
    findings.push({ kind: "crash", input: ended.input, finding: ended.finding, shown: "" });
    from = ended.input + 1;
  }
  return { target: run.target, inputs: run.inputs, ...counts, findings };
}

interface Counts {
  readonly accepted: number;
  readonly refused: number;
}

type ThreadEnd =
  | ({ readonly kind: "done" } & Counts)
  | ({ readonly kind: "lost"; readonly input: number; readonly finding: string } & Counts);

interface ThreadOptions {
  readonly found: (finding: FuzzFinding) => void;
  readonly progress: (at: number) => void;
  readonly signal: AbortSignal | undefined;
  readonly hangMs: number;
}

async function runThread(run: FuzzRun, { found, progress, signal, hangMs }: ThreadOptions): Promise<ThreadEnd> {
  const board = threadBoard(new SharedArrayBuffer(boardBytes));
  const worker = new Worker(new URL("fuzz-worker.ts", import.meta.url), {
    workerData: { run, board: board.memory },
    resourceLimits: { maxOldGenerationSizeMb: 700 },
    // A failing thread's last words are in its error event.
    stderr: true,
  });
  const { promise, resolve } = Promise.withResolvers<ThreadEnd>();
  const lost = (finding: string) => resolve({ kind: "lost", input: board.input(), finding, ...board.counts() });
  worker.on("message", (message: unknown) => {
    const report = WorkerReport.parse(message);
    if (report.kind === "found") found(report.found);
    else resolve({ kind: "done", ...board.counts() });
  });
  worker.on("error", (error: unknown) =>
    lost(error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  );
  worker.on("exit", (code) => lost(`the thread ended with ${code}`));

  let seen = { at: board.input(), since: performance.now() };
  const watch = setInterval(() => {
    const at = board.input();
    if (at !== seen.at) seen = { at, since: performance.now() };
    if (at !== notStarted) progress(at);
    if (performance.now() - seen.since > (at === notStarted ? startMs : hangMs)) lost("it hangs");
  }, 100);
  const stop = () => lost("interrupted");
  signal?.addEventListener("abort", stop);
  try {
    return await promise;
  } finally {
    clearInterval(watch);
    signal?.removeEventListener("abort", stop);
    await worker.terminate();
  }
}

const startMs = 60_000;
