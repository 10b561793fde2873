import { getHeapStatistics } from "node:v8";
import type { OpenTarget } from "../fuzz-target.ts";
import { whyUnexplained } from "./why-unexplained.ts";

export type Judgement =
  | { readonly kind: "accepted" | "refused" }
  /** `finding` says what went wrong, for a person; inputs with the same one have the same cause, most likely. */
  | { readonly kind: "crash" | "unexplained"; readonly finding: string };

/** Runs one input and says whether it ended as every input has to. */
export async function judgeInput(target: OpenTarget, input: Uint8Array): Promise<Judgement> {
  const memoryBefore = memoryInUse();
  const cpuBefore = process.threadCpuUsage();
  const before = performance.now();
  try {
    const ending = await target.run(input);
    const elapsedMs = performance.now() - before;
    const { user, system } = process.threadCpuUsage(cpuBefore);
    // On a busy machine an input may have to wait for its turn: only both together are the parser's doing.
    if (elapsedMs > slowMs && (user + system) / 1000 > slowMs) return crash("it took longer than a second");
    if (memoryInUse() - memoryBefore > mostBytes) return crash("it took more than 300 MB of memory");
    // What a key named __proto__ could do.
    for (const name in {}) return crash(`every object has a property ${name} now`);
    if (ending.kind === "accepted") return ending;
    const why = whyUnexplained(ending.why, input);
    return why === undefined ? { kind: "refused" } : { kind: "unexplained", finding: `${why}: ${ending.why}` };
  } catch (error) {
    return crash(error instanceof Error ? `${error.name}: ${error.message}\n${placeOf(error)}` : String(error));
  }
}

const slowMs = 1000;
const mostBytes = 300_000_000;

const crash = (finding: string): Judgement => ({ kind: "crash", finding });

function memoryInUse(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

/** The innermost lines of our own code. */
function placeOf({ stack = "" }: Error): string {
  const lines = stack.split("\n").filter((line) => /^\s+at /.test(line));
  const own = lines.filter((line) => !/node_modules|node:/.test(line));
  return [...lines.slice(0, 1), ...own.slice(0, 4)].join("\n");
}
