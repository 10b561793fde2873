import type { Exemption } from "../domain/exemption.ts";
import { toVexDocument } from "../messages/vex-document.ts";
import type { ReadVexDocument } from "../messages/openvex.ts";
import type { Clock } from "../ports/clock.ts";
import type { ExemptionFiles } from "../ports/exemption-files.ts";
import type { ExemptionStore, KeptExemption } from "../ports/exemption-store.ts";
import type { Exemptions } from "../ports/exemptions.ts";
import type { Etag, ImageStore, Stored } from "../ports/image-store.ts";
import { reached } from "../ports/step.ts";
import { readFindings } from "./read-findings.ts";

export interface ChangeExemptionsPorts {
  readonly exemptions: Exemptions;
  readonly exemptionFiles: ExemptionFiles;
  readonly exemptionStore: ExemptionStore;
  readonly images: ImageStore;
  readonly clock: Clock;
}

/** With its etag when it is kept here, and may be changed. */
export interface FoundExemption {
  readonly exemption: Exemption;
  readonly kept?: Stored<KeptExemption> | undefined;
}

/** What came of a change. `inFile`: a reviewed file has this id, so the change belongs there. */
export type ChangedExemption =
  | { readonly kind: "created" | "updated"; readonly exemption: Exemption; readonly etag: Etag }
  | { readonly kind: "refused"; readonly why: "inFile" | "conflict" };

/** An etag, or "new" when there may be none yet. Undefined: whatever is there. */
type Expected = Etag | "new" | undefined;

/** Exemptions through the API: read those of all sources, change those that are kept in the store. */
export const changeExemptions = (ports: ChangeExemptionsPorts) => {
  const { exemptions, exemptionFiles, exemptionStore: store, images, clock } = ports;
  const read = readFindings(images);
  return {
    findExemption: async (id: string): Promise<FoundExemption | undefined> => {
      const exemption = (await exemptions.current()).all.find((each) => each.id === id);
      if (exemption === undefined) return undefined;
      return { exemption, kept: (await isInFile(id)) ? undefined : await findKept(id) };
    },

    putExemption: async (exemption: Exemption, expected: Expected): Promise<ChangedExemption> => {
      if (await isInFile(exemption.id)) return { kind: "refused", why: "inFile" };
      const known = await findKept(exemption.id);
      const createdAt = known?.value.exemption.createdAt ?? exemption.createdAt;
      const next = { ...exemption, ...(createdAt !== undefined && { createdAt }) };
      const written = await store.put({ exemption: next, savedAt: clock.now() }, expected ?? known?.etag ?? "new");
      if (written.kind === "conflict") return { kind: "refused", why: "conflict" };
      reached("exemption-changed");
      return { kind: known === undefined ? "created" : "updated", exemption: next, etag: written.etag };
    },

    removeExemption: async (id: string, expected: Expected): Promise<"removed" | "inFile" | "conflict" | "unknown"> => {
      if (await isInFile(id)) return "inFile";
      const known = await findKept(id);
      if (known === undefined) return "unknown";
      const etag = expected === undefined || expected === "new" ? known.etag : expected;
      if (!(await store.remove(id, etag))) return "conflict";
      reached("exemption-changed");
      return "removed";
    },

    /** In place of what the same document said before. */
    acceptVex: async ({ document, exemptions: made }: ReadVexDocument): Promise<void> => {
      const savedAt = clock.now();
      await store.replaceDocument(
        document,
        made.map((exemption) => ({ exemption, savedAt, document })),
      );
    },

    /** Undefined for an image that is not known. */
    writeVex: async (id: string): Promise<object | undefined> => {
      const found = await read(id);
      return found && toVexDocument(found.image, found.findings, (await exemptions.current()).all);
    },

    exemptionProblems: async (): Promise<readonly string[]> => (await exemptionFiles.current()).problems,
  };

  async function isInFile(id: string): Promise<boolean> {
    return (await exemptionFiles.current()).exemptions.some((each) => each.id === id);
  }

  async function findKept(id: string): Promise<Stored<KeptExemption> | undefined> {
    return (await store.list()).find(({ value }) => value.exemption.id === id);
  }
};
