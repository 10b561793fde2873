import type { Log, LogFields } from "../../../ports/log.ts";
import type { FunctionsCore } from "./functions-core.ts";
import { runInvocation } from "./run-invocation.ts";
import type { RegisteredFunction } from "./registered-function.ts";
import type { RpcTypedData } from "./rpc.ts";
import { traceContext, type CallerTrace } from "./trace-context.ts";

export interface FunctionCall {
  /** A UUID, unique to this call. */
  readonly invocationId: string;
  readonly data: RpcTypedData;
  readonly triggerMetadata?: Readonly<Record<string, RpcTypedData>>;
  readonly trace?: CallerTrace;
}

export interface FunctionInvoker {
  /** Resolves to what the function returned, in the worker's form. Rejects with its error, which has been logged. */
  readonly invoke: (called: RegisteredFunction, call: FunctionCall) => Promise<RpcTypedData | null | undefined>;
  /** Resolves once nothing runs any more. */
  readonly idle: () => Promise<void>;
}

/**
 * Calls functions as the worker of Azure Functions does. Time runs on the real clock here: the limit is on real work.
 * A function cannot be killed, so one that is past its time is reported as failed and goes on unobserved.
 */
export function functionInvoker(options: {
  readonly core: FunctionsCore;
  readonly log: Log;
  readonly timeoutMs: number | undefined;
}): FunctionInvoker {
  const { core, log, timeoutMs } = options;
  const running = new Set<Promise<unknown>>();

  const observed = async (called: RegisteredFunction, call: FunctionCall) => {
    const fields = { function: called.name, invocationId: call.invocationId };
    const startedAt = performance.now();
    try {
      const request = {
        invocationId: call.invocationId,
        functionId: called.name,
        inputData: [{ name: called.inputName, data: call.data }],
        triggerMetadata: call.triggerMetadata ?? {},
        traceContext: traceContext(call.trace),
      };
      const result = await withinTime(runInvocation(core, called, request, log), timeoutMs, called.name);
      log.debug("Function succeeded", { ...fields, durationMs: elapsed(startedAt) });
      return result;
    } catch (error) {
      log.error("Function failed", { ...fields, durationMs: elapsed(startedAt), ...errorFields(error) });
      throw error;
    }
  };

  return {
    invoke: (called, call) => {
      const work = observed(called, call);
      running.add(work);
      const end = () => running.delete(work);
      work.then(end, end);
      return work;
    },
    idle: async () => {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}

/** Fields for a log line about something thrown. */
export const errorFields = (error: unknown): LogFields =>
  error instanceof Error ? { error: error.message, stack: error.stack } : { error: String(error) };

const elapsed = (startedAt: number) => Math.round(performance.now() - startedAt);

async function withinTime<T>(work: Promise<T>, timeoutMs: number | undefined, functionName: string): Promise<T> {
  if (timeoutMs === undefined) return work;
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new FunctionTimeoutError(functionName, timeoutMs)), timeoutMs);
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

export class FunctionTimeoutError extends Error {
  override name = "FunctionTimeoutError";

  constructor(functionName: string, timeoutMs: number) {
    super(`${functionName} did not end within ${timeoutMs / 1000} s (functionTimeout in host.json).`);
  }
}
