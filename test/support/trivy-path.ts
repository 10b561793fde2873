/**
 * The Trivy that tests run, or undefined on a machine without one.
 *
 * @throws when there is none in CI, where a skipped test would look like a passed one
 */
export function trivyPath(environment = process.env): string | undefined {
  const path = environment["TRIVY_PATH"];
  if (path !== undefined && path !== "") return path;
  if (environment["CI"] === undefined) return undefined;
  throw new Error("Set TRIVY_PATH to a Trivy 0.74 binary: tests with a real scanner are not skipped in CI.");
}
