import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { BlobStore } from "../ports/blob-store.ts";
import type { SbomRequest } from "../ports/sbom-requests.ts";
import type { SbomWriter } from "../ports/sbom-writer.ts";
import { reached } from "../ports/step.ts";
import { reportName, sbomName } from "./blob-names.ts";

export interface StoreSbomPorts {
  readonly blobs: BlobStore;
  readonly sbomWriter: SbomWriter;
}

/** Makes the SBOM of a scan from its raw report, then drops the report. `done` when that has happened before. */
export const storeSbom =
  ({ blobs, sbomWriter }: StoreSbomPorts) =>
  async ({ scan }: SbomRequest, signal?: AbortSignal): Promise<"stored" | "done"> => {
    const report = await blobs.read(reportName(scan));
    if (report === undefined) return "done";
    const sbom = await sbomWriter.write(report, signal);
    await blobs.save(sbomName(scan), await compress(sbom));
    reached("sbom-saved");
    await blobs.remove(reportName(scan));
    return "stored";
  };

const compress = promisify(gzip);
