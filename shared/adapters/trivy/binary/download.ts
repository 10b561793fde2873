import { rm, stat } from "node:fs/promises";
import { fetchInto } from "./fetch-into.ts";
import { sha256OfFile } from "./sha256-of-file.ts";

export interface DownloadOptions {
  readonly url: string;
  /** Grows while the download runs; a file left by an interrupted download is gone on with. */
  readonly file: string;
  readonly sha256: string;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  readonly onBytes: (done: number, total: number) => void;
}

export type DownloadOutcome =
  | { readonly kind: "complete" }
  | { readonly kind: "unreachable"; readonly reason: string }
  /** The file is not there any more. */
  | { readonly kind: "mismatch"; readonly actual: string };

/** A break in the middle is tried again where it stopped, up to twice. The digest is checked over the whole file at the end. */
export async function download(options: DownloadOptions): Promise<DownloadOutcome> {
  const { file, sha256 } = options;
  let breaks = 0;
  for (;;) {
    const start = await sizeOf(file);
    if (start > 0 && (await sha256OfFile(file)) === sha256) return { kind: "complete" };
    const fetched = await fetchInto({ ...options, start });
    switch (fetched.kind) {
      case "unreachable":
        return fetched;
      case "broken":
        if (++breaks > 2) return { kind: "unreachable", reason: fetched.reason };
        continue;
      case "ended": {
        const actual = await sha256OfFile(file);
        if (actual === sha256) return { kind: "complete" };
        await rm(file);
        // The first part may have been another file: only a download in one piece proves that the host's file is wrong.
        if (!fetched.resumed) return { kind: "mismatch", actual };
      }
    }
  }
}

async function sizeOf(file: string): Promise<number> {
  const existing = await stat(file).catch(() => undefined);
  return existing?.size ?? 0;
}
