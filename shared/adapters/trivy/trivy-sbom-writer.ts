import { lstat, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { DeadLetterError, RetryLaterError } from "../../domain/failure.ts";
import type { SbomWriter } from "../../ports/sbom-writer.ts";
import type { Lull } from "./running/lull.ts";
import type { ProgramEnd, RunProgram } from "./running/run-program.ts";
import type { Scratch } from "./running/scratch.ts";
import { convertArguments } from "./trivy-arguments.ts";
import { readableTail } from "./trivy-failure.ts";
import type { TrivySettings } from "./trivy-settings.ts";

export interface TrivySbomWriterOptions {
  readonly settings: TrivySettings;
  readonly run: RunProgram;
  readonly scratch: Scratch;
  readonly lull: Lull;
}

/**
 * Takes the report as it is or gzipped. It needs neither network nor database. Waits while there are scans: low priority
 * alone would not keep two processors free for them.
 * RetryLaterError when a limit was reached, DeadLetterError `bad-report` when Trivy cannot read the report.
 */
export function trivySbomWriter({ settings, run, scratch, lull }: TrivySbomWriterOptions): SbomWriter {
  return {
    write: async (rawReport, signal) => {
      await lull.come(signal);
      return scratch(async (directory) => {
        const reportFile = join(directory, "report.json");
        const sbomFile = join(directory, "sbom.cdx.json");
        await writeFile(reportFile, await uncompressed(rawReport, settings.reportLimitBytes));
        const end = await run({
          arguments: convertArguments(reportFile, sbomFile),
          scratch: directory,
          readable: [],
          writable: [],
          network: false,
          timeoutSeconds: settings.scanTimeoutSeconds,
          lowPriority: true,
          signal,
        });
        if (end.kind !== "done") throw toError(end);
        const stat = await lstat(sbomFile);
        if (!stat.isFile() || stat.size > settings.reportLimitBytes)
          throw new DeadLetterError("bad-report", "Trivy's SBOM is no file, or larger than a report may be.");
        return readFile(sbomFile);
      });
    },
  };
}

async function uncompressed(content: Uint8Array, maxOutputLength: number): Promise<Uint8Array> {
  const isGzip = content[0] === 0x1f && content[1] === 0x8b;
  return isGzip ? promisify(gunzip)(content, { maxOutputLength }) : content;
}

function toError(end: Exclude<ProgramEnd, { kind: "done" }>): Error {
  return end.kind === "stopped"
    ? new RetryLaterError(`Trivy was stopped while it wrote an SBOM. ${end.detail}`)
    : new DeadLetterError("bad-report", `Trivy could not make an SBOM of the report. ${readableTail(end.stderr)}`);
}
