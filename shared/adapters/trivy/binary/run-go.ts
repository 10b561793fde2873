import { execa } from "execa";
import type { GoToolchain } from "./go-toolchain.ts";

interface RunGoOptions {
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Of what go prints to its standard error. */
  readonly onLine: (line: string) => void;
}

/**
 * Resolves to the standard output. A go that this process leaves behind when it is killed ends by itself, of the broken
 * pipe, with the next line that it prints. Throws GoFailedError, which ends with the last lines that go printed.
 */
export async function runGo(go: GoToolchain, args: readonly string[], options: RunGoOptions): Promise<string> {
  const running = execa(go.path, args, {
    cwd: options.directory,
    extendEnv: false,
    env: go.environment,
    stdin: "ignore",
    timeout: options.timeoutMs,
    cancelSignal: options.signal,
    forceKillAfterDelay: 5_000,
    maxBuffer: 50_000_000,
    buffer: { stderr: false },
    reject: false,
  });
  const lastLines: string[] = [];
  for await (const line of running.iterable({ from: "stderr" })) {
    if (!line.startsWith("# get ")) lastLines.push(line.slice(0, 500));
    if (lastLines.length > 15) lastLines.shift();
    options.onLine(line);
  }
  const result = await running;
  if (!result.failed) return result.stdout;
  options.signal.throwIfAborted();
  const how = result.timedOut ? "took too long" : "failed";
  throw new GoFailedError([`go ${args[0] ?? ""} ${how}:`, ...lastLines].join("\n      "));
}

export class GoFailedError extends Error {
  override name = "GoFailedError";
}
