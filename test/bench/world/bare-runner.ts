import { spawn } from "node:child_process";
import { once } from "node:events";

// A process of its own that does nothing but start programs: Node.js forks for that, and the more memory a process has,
// the longer that takes. Bare Trivy must not pay for the memory of the bench.

interface Command {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

process.on("message", (command: Command) => {
  void run(command).catch((error: unknown) => process.send?.({ kind: "failed", detail: String(error) }));
});

async function run({ file, arguments: args, environment }: Command): Promise<void> {
  const began = performance.now();
  const child = spawn(file, args, { env: { ...environment }, stdio: ["ignore", "ignore", "pipe"] });
  const output: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk));
  await once(child, "close");
  const milliseconds = performance.now() - began;
  if (child.exitCode === 0) process.send?.({ kind: "ended", milliseconds });
  else process.send?.({ kind: "failed", detail: Buffer.concat(output).toString().slice(-2000) });
}
