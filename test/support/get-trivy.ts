import { findOrGetTrivy } from "../../shared/adapters/trivy/binary/find-or-get-trivy.ts";
import { streamProgress } from "../../shared/adapters/trivy/binary/stream-progress.ts";
import { systemClock } from "../../shared/ports/clock.ts";

/** Runs once before all tests: on a fresh machine it gets Trivy, showing how far it is. Tests read TRIVY_PATH. */
export default async function getTrivy(): Promise<void> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, interrupt);
  try {
    const progress = streamProgress(process.stderr, systemClock);
    const trivy = await findOrGetTrivy({ environment: process.env, progress, signal: interruption.signal });
    process.env["TRIVY_PATH"] = trivy.path;
  } finally {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.off(name, interrupt);
  }
}
