/** The pinned Trivy, which the test run's global setup (get-trivy.ts) has found or got. */
export function trivyPath(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const path = environment["TRIVY_PATH"];
  if (path === undefined) throw new Error("Run the tests with `npx vitest`, whose configuration gets Trivy first.");
  return path;
}
