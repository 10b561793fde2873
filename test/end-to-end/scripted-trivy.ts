import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TrivyBinary } from "../../shared/adapters/trivy/binary/trivy-binary.ts";
import { realTrivy } from "./real-trivy.ts";

/** A program in place of Trivy that counts its scans, and does them with the real one unless it is told otherwise. */
export interface ScriptedTrivy extends AsyncDisposable {
  /** Needs the setting `scanner.isolation: off`: inside the sandbox it could not write down what it does. */
  readonly binary: TrivyBinary;
  readonly behave: (behaviour: keyof typeof behaviours) => Promise<void>;
  /** Every scan that was begun, in this order. */
  readonly scans: () => Promise<readonly BegunScan[]>;
}

export interface BegunScan {
  /** Also of the real Trivy, which takes the script's place. */
  readonly pid: number;
  /** registry/repository@digest */
  readonly image: string;
}

const behaviours = {
  real: `exec "$real" "$@"`,
  garbage: `echo '{"SchemaVersion": 2, "Results": "none"}' > "$report"`,
  silent: `exit 0`,
  hanging: `exec sleep 600`,
  stubborn: `trap '' TERM; while :; do sleep 1; done`,
  broken: `echo 'panic: runtime error: index out of range [3] with length 3' >&2; exit 2`,
  full: `echo 'FATAL Fatal error run error: write layer: no space left on device' >&2; exit 1`,
} as const;

export async function scriptedTrivy(): Promise<ScriptedTrivy> {
  const directory = await mkdtemp(join(tmpdir(), "scripted-trivy-"));
  const [path, log, behaviour] = ["trivy", "scans", "behaviour"].map((name) => join(directory, name));
  if (path === undefined || log === undefined || behaviour === undefined) throw new Error("All three are named.");
  await writeFile(log, "");
  await writeFile(behaviour, "real");
  await writeFile(path, script({ real: realTrivy().path, log, behaviour }));
  await chmod(path, 0o755);
  return {
    binary: { ...realTrivy(), path },
    behave: (name) => writeFile(behaviour, name),
    scans: async () => {
      const lines = (await readFile(log, "utf8")).split("\n").filter((line) => line !== "");
      return lines.map((line) => {
        const [pid = "", image = ""] = line.split(" ");
        return { pid: Number(pid), image };
      });
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

function script({ real, log, behaviour }: Readonly<Record<"real" | "log" | "behaviour", string>>): string {
  const cases = Object.entries(behaviours).map(([name, commands]) => `  ${name}) ${commands} ;;`);
  return `#!/bin/sh
real='${real}'
report= last=
for argument in "$@"; do
  [ "$last" = --output ] && report=$argument
  last=$argument
done
case "$*" in
  *--download-*|convert*|sbom*|--version*|version*) exec "$real" "$@" ;;
esac
echo "$$ $last" >> '${log}'
case "$(cat '${behaviour}')" in
${cases.join("\n")}
esac
`;
}
