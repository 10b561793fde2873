import type { Log } from "../../../ports/log.ts";
import { errorFields } from "./function-invoker.ts";
import type { FunctionsCore } from "./functions-core.ts";
import type { HttpServer } from "./http/http-server.ts";
import { runHooks } from "./run-invocation.ts";

/** Returns the host's stop: the same promise at every call. Grace runs on the real clock. Never rejects. */
export function hostShutdown(options: {
  readonly core: FunctionsCore;
  readonly server: HttpServer;
  readonly stopping: AbortController;
  readonly givingUp: AbortController;
  readonly graceMs: number;
  readonly log: Log;
  /** Resolves when no function runs and no request is being answered. */
  readonly idle: () => Promise<unknown>;
  /** Resolves when each received message has been completed or given back. */
  readonly messagesSettled: Promise<unknown>;
}): () => Promise<void> {
  const { core, server, stopping, givingUp, graceMs, log, idle, messagesSettled } = options;

  const shutDown = async () => {
    server.stopAccepting();
    stopping.abort();
    if ((await within(graceMs, Promise.all([idle(), messagesSettled]))) === "late") {
      log.warn("Functions still run after the grace period; their messages are given back", { graceMs });
      givingUp.abort();
      await within(lastWordsMs, messagesSettled);
    }
    try {
      await within(graceMs, runHooks(core.hooks.appTerminate, { hookData: core.appHookData }));
    } catch (error) {
      log.error("An appTerminate hook failed", errorFields(error));
    }
    await server.close();
    core.host = undefined;
  };

  let stopped: Promise<void> | undefined;
  return () => (stopped ??= shutDown());
}

/** For giving messages back, which takes the broker a moment. */
const lastWordsMs = 1000;

async function within(milliseconds: number, work: Promise<unknown>): Promise<"done" | "late"> {
  const { promise, resolve } = Promise.withResolvers<"late">();
  const timer = setTimeout(() => resolve("late"), milliseconds);
  try {
    return await Promise.race([work.then(() => "done" as const), promise]);
  } finally {
    clearTimeout(timer);
  }
}
