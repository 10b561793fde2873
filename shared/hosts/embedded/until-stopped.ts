import type { ImageScanner } from "../../ports/image-scanner.ts";
import type { SbomWriter } from "../../ports/sbom-writer.ts";
import type { VulnerabilityDatabase } from "../../ports/vulnerability-database.ts";

interface LongWork {
  readonly scanner: ImageScanner;
  readonly database: VulnerabilityDatabase;
  readonly sbomWriter: SbomWriter;
}

/**
 * The same three, called off when `stopped` is aborted. A scan that is called off then has no outcome: its message comes
 * again at the next start, as after a crash.
 */
export function untilStopped({ scanner, database, sbomWriter }: LongWork, stopped: AbortSignal): LongWork {
  const orStopped = (signal: AbortSignal | undefined) => AbortSignal.any([stopped, ...(signal ? [signal] : [])]);
  return {
    scanner: {
      ...scanner,
      scan: (image, use, signal) =>
        scanner.scan(
          image,
          async (outcome) => {
            if (stopped.aborted)
              throw new Error("Tidewatch was stopped during this scan; the next start begins it anew.");
            return use(outcome);
          },
          orStopped(signal),
        ),
    },
    database: { refresh: (signal) => database.refresh(orStopped(signal)) },
    sbomWriter: { write: (report, signal) => sbomWriter.write(report, orStopped(signal)) },
  };
}
