import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Program } from "./build-program.ts";

export interface LifeOptions {
  readonly program: Program;
  readonly settingsFile: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** One process of Tidewatch, from its start to its end. */
export interface Life {
  readonly pid: number;
  /** Resolves to false when it has ended before it said so. */
  readonly said: (message: string) => Promise<boolean>;
  readonly kill: (signal: "SIGKILL" | "SIGTERM") => void;
  readonly ended: Promise<EndedLife>;
}

export interface EndedLife {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** The last lines. */
  readonly output: string;
}

export function startLife({ program, settingsFile, environment }: LifeOptions): Life {
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", program.file, "--settings", settingsFile, "--log", "json"],
    {
      env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: program.compiled, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  const arrivals = new EventTarget();
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-100_000);
      arrivals.dispatchEvent(new Event("output"));
    });
  const ended = once(child, "close").then(([exitCode, signal]): EndedLife => ({
    exitCode: typeof exitCode === "number" ? exitCode : undefined,
    signal: typeof signal === "string" ? signal : undefined,
    output,
  }));
  return {
    pid: child.pid ?? 0,
    ended,
    said: async (message) => {
      const isSaid = () => output.includes(`"${message}"`);
      while (!isSaid()) {
        const news = await Promise.race([once(arrivals, "output"), ended.then(() => "ended")]);
        if (news === "ended") return isSaid();
      }
      return true;
    },
    kill: (signal) => void child.kill(signal),
  };
}
