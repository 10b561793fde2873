import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { DeadLetterError, RetryLaterError } from "../../../shared/domain/failure.ts";
import { nodeImage } from "../../support/images/sample-images.ts";
import { startReadyTrivyLab, type TrivyLab } from "./trivy-lab.ts";

const Sbom = z.object({ bomFormat: z.string(), components: z.array(z.object({ purl: z.string().optional() })) });

describe("an SBOM made of a raw report", () => {
  let lab: TrivyLab;
  let rawReport: Uint8Array;

  beforeAll(async () => {
    lab = await startReadyTrivyLab();
    const image = await lab.push(await nodeImage());
    rawReport = await lab.trivy.scanner.scan(image, async (outcome) => {
      if (outcome.kind !== "scanned") throw new Error(JSON.stringify(outcome));
      return readFile(outcome.rawReport.file);
    });
  });

  afterAll(() => lab[Symbol.asyncDispose]());

  it("is CycloneDX and names every package, whether the report is compressed or not", async () => {
    for (const report of [rawReport, gzipSync(rawReport)]) {
      const sbom: unknown = JSON.parse(Buffer.from(await lab.trivy.sbomWriter.write(report)).toString());

      const { bomFormat, components } = Sbom.parse(sbom);
      expect(bomFormat).toBe("CycloneDX");
      expect(components.map(({ purl }) => purl)).toContain("pkg:npm/lodash@4.17.20");
      expect(components.filter(({ purl }) => purl !== undefined)).toHaveLength(10);
    }
  });

  it("cannot be made of something else, which no retry cures", async () => {
    await expect(lab.trivy.sbomWriter.write(Buffer.from("{"))).rejects.toThrow(DeadLetterError);
  });

  it("can be made later when it was called off", async () => {
    await expect(lab.trivy.sbomWriter.write(rawReport, AbortSignal.abort())).rejects.toThrow(RetryLaterError);
  });
});
