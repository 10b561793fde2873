import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

/** What goes wrong with a request. */
export type Fault =
  /** Any answer in place of the registry's own: an error, a redirect, a challenge. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** The request is taken and never answered. */
  | { readonly kind: "hang" }
  /** The content has one byte changed; its length and the headers stay. */
  | { readonly kind: "corrupt" }
  /** The connection breaks after half of the content. */
  | { readonly kind: "truncate" }
  /** The content comes a byte at a time, with this pause before each. */
  | { readonly kind: "slow"; readonly pauseMs: number };

export interface FaultRule {
  readonly method?: string;
  /** Of path and query. */
  readonly path: RegExp;
  /** How many requests it hits; all of them when absent. */
  readonly times?: number;
  readonly fault: Fault;
}

/** Switches that tests turn while the registry runs. */
export interface Faults {
  readonly add: (rule: FaultRule) => void;
  readonly clear: () => void;
  /** The first rule that fits, counted down. */
  readonly take: (request: IncomingMessage) => Fault | undefined;
}

export function registryFaults(): Faults {
  const rules: { rule: FaultRule; left: number }[] = [];
  return {
    add: (rule) => void rules.push({ rule, left: rule.times ?? Infinity }),
    clear: () => void rules.splice(0),
    take: ({ method, url = "" }) => {
      const hit = rules.find(({ rule, left }) => left > 0 && (rule.method ?? method) === method && rule.path.test(url));
      if (!hit) return undefined;
      hit.left -= 1;
      return hit.rule.fault;
    },
  };
}

/** The content as the fault leaves it. */
export function faultyContent(content: Readable, size: number, fault: Fault | undefined): Readable {
  if (fault?.kind === "corrupt") return Readable.from(corrupted(content));
  if (fault?.kind === "truncate") return Readable.from(truncated(content, Math.floor(size / 2)));
  if (fault?.kind === "slow") return Readable.from(slowed(content, fault.pauseMs));
  return content;
}

async function* corrupted(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let first = true;
  for await (const chunk of content) {
    const copy = Buffer.from(chunk);
    if (first) copy.writeUInt8(copy.readUInt8(0) ^ 1, 0);
    first = false;
    yield copy;
  }
}

async function* truncated(content: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes;
  for await (const chunk of content) {
    yield chunk.subarray(0, left);
    left -= chunk.byteLength;
    if (left <= 0) throw new Error("Broken off on purpose.");
  }
}

async function* slowed(content: AsyncIterable<Buffer>, pauseMs: number): AsyncGenerator<Buffer> {
  for await (const chunk of content)
    for (let at = 0; at < chunk.byteLength; at += 1) {
      await sleep(pauseMs);
      yield chunk.subarray(at, at + 1);
    }
}
