import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { execaSync } from "execa";

/**
 * Path of CNCF distribution's program, `registry` or as Debian calls it `docker-registry`; undefined when there is none.
 * DISTRIBUTION_PATH goes before PATH. Other programs of that name are told apart by what they say of themselves.
 */
export function findDistribution(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = [
    ...(environment["DISTRIBUTION_PATH"] === undefined ? [] : [environment["DISTRIBUTION_PATH"]]),
    ...["docker-registry", "registry"].flatMap((name) => folders.map((folder) => join(folder, name))),
  ];
  return candidates.find((path) => isExecutable(path) && isDistribution(path));
}

/** For a test that needs it: skips on a developer's machine, fails in CI, and says why. */
export function requireDistribution(skip: (reason: string) => never): string {
  const path = findDistribution();
  if (path !== undefined) return path;
  const reason = "No CNCF distribution registry: install docker-registry, or name one in DISTRIBUTION_PATH.";
  if (process.env["CI"] !== undefined) throw new Error(reason);
  // Not every reporter shows why a test was skipped.
  process.stderr.write(`${reason}\n`);
  return skip(reason);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isDistribution(path: string): boolean {
  const { stdout } = execaSync(path, ["--version"], { reject: false, timeout: 5000 });
  return /distribution\/distribution|docker\/distribution/.test(stdout);
}
