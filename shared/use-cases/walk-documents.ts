import { contentId } from "../domain/content-id.ts";
import type { CoverageReport } from "../domain/coverage.ts";
import type { RegistryHost } from "../domain/image-reference.ts";
import type { RegistryWalk } from "../domain/registry-walk.ts";
import { parseStoredCoverage, parseStoredWalk, toStoredCoverage, toStoredWalk } from "../messages/stored-walk.ts";
import type { Checkpoints } from "../ports/checkpoints.ts";
import type { Etag, Stored } from "../ports/image-store.ts";

/** The two documents of each registry: its newest walk, and the report of the newest one that ended. */
export function walkDocuments(checkpoints: Checkpoints) {
  return {
    readWalk: async (registry: RegistryHost): Promise<Stored<RegistryWalk> | undefined> => {
      const stored = await checkpoints.read(walkName(registry));
      return stored && { value: parseStoredWalk(stored.value), etag: stored.etag };
    },
    writeWalk: (walk: RegistryWalk, expected: Etag | "new") =>
      checkpoints.write(walkName(walk.registry), toStoredWalk(walk), expected),

    readReport: async (registry: RegistryHost): Promise<CoverageReport | undefined> => {
      const stored = await checkpoints.read(reportName(registry));
      return stored && parseStoredCoverage(stored.value);
    },
    /** A conflict means that another host wrote the same report. */
    writeReport: async (report: CoverageReport): Promise<void> => {
      const name = reportName(report.registry);
      const known = await checkpoints.read(name);
      await checkpoints.write(name, toStoredCoverage(report), known?.etag ?? "new");
    },
  };
}

function walkName(registry: RegistryHost): string {
  return `walk.${contentId("registry", registry)}`;
}

function reportName(registry: RegistryHost): string {
  return `coverage.${contentId("registry", registry)}`;
}
