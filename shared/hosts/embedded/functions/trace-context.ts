import { randomUUID } from "node:crypto";
import type { RpcTraceContext } from "./rpc.ts";

/** As the caller sent them; anything that is not a valid traceparent is ignored. */
export interface CallerTrace {
  readonly traceparent?: unknown;
  readonly tracestate?: unknown;
}

/** A new span in the caller's trace, or in a trace of its own. W3C Trace Context, www.w3.org/TR/trace-context */
export function traceContext({ traceparent, tracestate }: CallerTrace = {}): RpcTraceContext {
  const caller = typeof traceparent === "string" ? traceparentPattern.exec(traceparent) : null;
  const [, traceId = hexDigits(32), flags = "01"] = caller ?? [];
  const traceParent = `00-${traceId}-${hexDigits(16)}-${flags}`;
  return caller !== null && typeof tracestate === "string" && tracestate !== ""
    ? { traceParent, traceState: tracestate }
    : { traceParent };
}

const traceparentPattern = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})/;

/** From the end of a UUID, where all digits but two are random. Much faster than asking for 16 random bytes. */
const hexDigits = (count: 16 | 32) =>
  randomUUID()
    .replaceAll("-", "")
    .slice(32 - count);
