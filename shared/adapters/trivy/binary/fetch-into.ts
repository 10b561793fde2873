import { open } from "node:fs/promises";

interface FetchIntoOptions {
  readonly url: string;
  readonly file: string;
  /** The file's size: what is before it is not asked for again. */
  readonly start: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  readonly onBytes: (done: number, total: number) => void;
}

export type FetchIntoOutcome =
  | { readonly kind: "ended"; readonly resumed: boolean }
  | { readonly kind: "unreachable"; readonly reason: string }
  /** Some of it arrived: worth another try from there. */
  | { readonly kind: "broken"; readonly reason: string };

/** GitHub sends on to a second host and answers within a second or two; where nothing answers, the next source should not wait. */
const answerWithinMs = 6_000;
const dataWithinMs = 30_000;
const endWithinMs = 60 * 60_000;

/** One request, written to the file as it arrives. The caller's abort and a full disk are thrown; what the host does is an outcome. */
export async function fetchInto(options: FetchIntoOptions): Promise<FetchIntoOutcome> {
  const { url, start } = options;
  const { host } = new URL(url);
  const patience = limitedPatience(options.signal);
  let arrived = 0;
  try {
    patience.expectWithin(answerWithinMs);
    const headers = { "Accept-Encoding": "identity", ...(start > 0 && { Range: `bytes=${start}-` }) };
    const response = await fetch(url, { headers, signal: patience.signal });
    const answer = judge(response, start);
    if (answer === "refused") return { kind: "unreachable", reason: `${host} answers HTTP ${response.status}` };
    // The part on disk is as long as the whole or longer, and not it.
    if (answer === "noSuchRange") return { kind: "ended", resumed: true };

    const offset = answer === "rest" ? start : 0;
    const total = offset + Number(response.headers.get("Content-Length") ?? 0);
    const file = await open(options.file, answer === "rest" ? "a" : "w");
    try {
      for await (const chunk of response.body ?? []) {
        if (!(chunk instanceof Uint8Array)) continue;
        patience.expectWithin(dataWithinMs);
        await file.writeFile(chunk);
        arrived += chunk.byteLength;
        if (offset + arrived > options.maxBytes) return { kind: "unreachable", reason: `${host} sends too much` };
        options.onBytes(offset + arrived, total);
      }
    } finally {
      await file.close();
    }
    return { kind: "ended", resumed: answer === "rest" };
  } catch (error) {
    options.signal.throwIfAborted();
    // fetch wraps what the system says in a cause, the file system does not.
    if (error instanceof Error && "errno" in error) throw error;
    if (arrived > 0) return { kind: "broken", reason: `the connection to ${host} broke (${causeOf(error)})` };
    return { kind: "unreachable", reason: `${host} is out of reach (${causeOf(error)})` };
  } finally {
    patience.end();
  }
}

function judge(response: Response, start: number): "whole" | "rest" | "noSuchRange" | "refused" {
  if (response.status === 200) return "whole";
  if (start > 0 && response.status === 416) return "noSuchRange";
  if (start > 0 && response.status === 206) {
    return response.headers.get("Content-Range")?.startsWith(`bytes ${start}-`) ? "rest" : "noSuchRange";
  }
  return "refused";
}

function limitedPatience(signal: AbortSignal) {
  const limit = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  return {
    signal: AbortSignal.any([signal, limit.signal, AbortSignal.timeout(endWithinMs)]),
    /** Each call ends the wait that the one before began. */
    expectWithin: (milliseconds: number) => {
      clearTimeout(timer);
      const giveUp = () => limit.abort(new Error(`no answer within ${milliseconds / 1_000} seconds`));
      timer = setTimeout(giveUp, milliseconds);
    },
    /** Also ends the request where its body was not read. */
    end: () => {
      clearTimeout(timer);
      limit.abort();
    },
  };
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
