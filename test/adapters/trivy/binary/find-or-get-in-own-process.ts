import { findOrGetTrivy } from "../../../../shared/adapters/trivy/binary/find-or-get-trivy.ts";
import { streamProgress } from "../../../../shared/adapters/trivy/binary/stream-progress.ts";
import { systemClock } from "../../../../shared/ports/clock.ts";
import * as z from "zod";

// Fixture program: the pin as JSON in its argument; prints the path that it found or got.
const Pin = z.object({
  version: z.string(),
  releaseUrl: z.string(),
  archives: z.record(z.string(), z.object({ file: z.string(), sha256: z.string() })),
  goModule: z.string(),
});

const interruption = new AbortController();
process.on("SIGTERM", () => interruption.abort());

try {
  const trivy = await findOrGetTrivy({
    environment: process.env,
    pin: Pin.parse(JSON.parse(process.argv[2] ?? "")),
    progress: streamProgress(process.stderr, systemClock),
    signal: interruption.signal,
  });
  process.stdout.write(trivy.path);
} catch (error) {
  if (!interruption.signal.aborted) throw error;
  process.exitCode = 130;
}
