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

/** For tests that need it: undefined on a developer's machine without one, which is told why, and an error in CI. */
export function findDistributionForTests(): string | undefined {
  const path = findDistribution();
  if (path !== undefined) return path;
  if (process.env["CI"] !== undefined) throw new Error(missing);
  // Not every reporter shows why a test was skipped.
  process.stderr.write(`${missing}\n`);
  return undefined;
}

/** The same for one test, which is skipped with the reason. */
export function requireDistribution(skip: (reason: string) => never): string {
  return findDistributionForTests() ?? skip(missing);
}

const missing = "No CNCF distribution registry: install docker-registry, or name one in DISTRIBUTION_PATH.";

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
