import { parentPort, workerData } from "node:worker_threads";
import * as z from "zod";
import { makeInput } from "../mutate/make-input.ts";
import { openTarget } from "../targets.ts";
import { FuzzRun, type WorkerReport } from "./fuzz-run.ts";
import { judgeInput } from "./judge-input.ts";
import { threadBoard } from "./thread-board.ts";

// A thread of run-target.ts: it tries one input after another.
const given = z.object({ run: FuzzRun, board: z.instanceof(SharedArrayBuffer) }).parse(workerData);
const { run } = given;
const board = threadBoard(given.board);
const report = (message: WorkerReport) => parentPort?.postMessage(message);

const { target, open } = await openTarget(run.target);
for (let input = run.from; input < run.from + run.inputs; input += 1) {
  board.begin(input);
  const bytes = makeInput(target, open.corpus, { ...run, input });
  const judgement = await judgeInput(open, bytes);
  if (judgement.kind === "crash" || judgement.kind === "unexplained") {
    const shown = JSON.stringify(Buffer.from(bytes.subarray(0, 2000)).toString("latin1"));
    report({ kind: "found", found: { ...judgement, input, shown } });
  } else board.count(judgement.kind);
}
await open.close?.();
report({ kind: "done" });
