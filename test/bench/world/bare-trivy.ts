import { fork } from "node:child_process";
import { on, once } from "node:events";
import { fileURLToPath } from "node:url";
import * as z from "zod";

export interface BareScan {
  readonly cacheDirectory: string;
  /** Where the JSON report goes. */
  readonly output: string;
  readonly reference: string;
}

/**
 * What a person would run instead of Tidewatch, told to look for vulnerabilities only: by itself Trivy would search
 * every file for secrets, too, ask the network for a newer version, and look for a local Docker first.
 */
export function bareArguments({ cacheDirectory, output, reference }: BareScan): readonly string[] {
  return [
    ...["image", "--image-src", "remote", "--scanners", "vuln", "--format", "json", "--output", output],
    ...["--cache-dir", cacheDirectory, "--skip-db-update", "--skip-java-db-update", "--offline-scan"],
    ...["--quiet", "--disable-telemetry", "--skip-version-check", "--insecure", reference],
  ];
}

export interface BareTrivy extends AsyncDisposable {
  readonly pid: number;
  /** One scan at a time. Milliseconds from the start of the process to its end. */
  readonly scan: (scan: BareScan) => Promise<number>;
}

/** Trivy without Tidewatch, started by a small process. */
export async function startBareTrivy(trivyPath: string, signal: AbortSignal): Promise<BareTrivy> {
  const runner = fork(fileURLToPath(new URL("bare-runner.ts", import.meta.url)), [], {
    signal,
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  await once(runner, "spawn");
  return {
    pid: runner.pid ?? 0,
    scan: async (scan) => {
      const environment = { PATH: process.env["PATH"] ?? "", HOME: scan.cacheDirectory };
      runner.send({ file: trivyPath, arguments: bareArguments(scan), environment });
      for await (const [message] of on(runner, "message", { signal, close: ["exit"] })) {
        const said = Said.parse(message);
        if (said.kind === "ended") return said.milliseconds;
        throw new Error(`Bare Trivy failed: ${said.detail}`);
      }
      throw new Error("The process that runs bare Trivy has ended.");
    },
    [Symbol.asyncDispose]: async () => {
      runner.kill();
      if (runner.exitCode === null && runner.signalCode === null) await once(runner, "exit");
    },
  };
}

const Said = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("ended"), milliseconds: z.number() }),
  z.object({ kind: z.literal("failed"), detail: z.string() }),
]);
