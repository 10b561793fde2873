import { createHash } from "node:crypto";

import { parseDigest, type Digest } from "../../domain/digest.ts";
import { DeadLetterError } from "../../domain/failure.ts";
import type { Answer } from "./exchange.ts";

export function digestOf(content: Uint8Array): Digest {
  return parseDigest(`sha256:${createHash("sha256").update(content).digest("hex")}`);
}

/** Whoever stores or carries the bytes is not trusted; the digest is what was asked for. */
export function verifiedContent(answer: Answer, digest: Digest): Uint8Array {
  const actual = digestOf(answer.content);
  if (actual === digest) return answer.content;
  throw new DeadLetterError(
    "digest-mismatch",
    `${answer.url.host} was asked for ${digest} and sent ${answer.content.byteLength} bytes of ${actual}.`,
  );
}
