import { once } from "node:events";
import { adminEndpoints, adminPath } from "./admin-endpoints.ts";
import { eventGridPath, eventGridWebhook } from "./event-grid-webhook.ts";
import { bodyLimitBytes } from "./app-settings.ts";
import { functionInvoker } from "./function-invoker.ts";
import { functionsCore } from "./functions-core.ts";
import type { FunctionsHost, FunctionsHostOptions } from "./functions-host.ts";
import { directInvocation } from "./direct-invocation.ts";
import { functionSummary } from "./function-summary.ts";
import { parseHostSettings } from "./host-settings.ts";
import type { HttpCall } from "./http/http-answer.ts";
import { startHttpServer } from "./http/http-server.ts";
import { httpTrigger } from "./http/http-trigger.ts";
import { importFunctions } from "./import-functions.ts";
import { withTrigger } from "./registered-function.ts";
import { runHooks, writeLog } from "./run-invocation.ts";
import { listenToServiceBus } from "./service-bus-listener.ts";
import { hostShutdown } from "./host-shutdown.ts";
import { listenToTimer } from "./timer-listener.ts";
import { parseTimerSchedule } from "./timer-schedule.ts";

/**
 * Runs the functions of a Functions app (v4 model, the real @azure/functions) on this machine. Rejects, with nothing
 * left running, when a file, a setting, a route or a schedule cannot be used. One host at a time per process; a later
 * one in the same process finds the functions of the earlier one still registered, since modules load once.
 */
export async function startFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHost> {
  const { broker, clock, log, appSettings, keys, schedules } = options;
  const core = functionsCore();
  if (core.host !== undefined) throw new Error("A functions host already runs in this process; stop it first.");
  const settings = parseHostSettings(options.hostJson);
  const registered = await importFunctions(core, options.functions, appSettings);
  const enabled = registered.filter(({ disabled }) => !disabled);

  const invoker = functionInvoker({ core, log, timeoutMs: settings.functionTimeoutMs });
  const invoke = directInvocation({ functions: registered, invoker, clock });
  const timers = withTrigger("timer", enabled);
  for (const { trigger } of timers) parseTimerSchedule(trigger.schedule);
  const functions = registered.map((each) => functionSummary(each, settings.routePrefix));

  const admin = adminEndpoints({ functions, invoke, keys, log });
  const eventGrid = eventGridWebhook({ functions: withTrigger("eventGrid", enabled), invoker, keys });
  const http = httpTrigger({
    functions: withTrigger("http", enabled),
    routePrefix: settings.routePrefix,
    invoker,
    keys,
  });
  const answer = (call: HttpCall) => {
    const path = call.path.toLowerCase();
    if (path === eventGridPath) return eventGrid(call);
    return path.startsWith(adminPath) ? admin(call) : http(call);
  };

  core.host = { log: (level, category, message) => writeLog(core, log, { level, category, message }) };
  const stopping = new AbortController();
  const givingUp = new AbortController();
  try {
    await runHooks(core.hooks.appStart, { hookData: core.appHookData });
    const server = await startHttpServer({
      answer,
      listen: options.listen,
      maxBodyBytes: bodyLimitBytes(appSettings),
      maxOutstandingRequests: settings.maxOutstandingRequests,
      customHeaders: settings.customHeaders,
      log,
    });
    const listening = {
      broker,
      invoker,
      settings,
      schedules,
      clock,
      log,
      stopping: stopping.signal,
      givingUp: givingUp.signal,
    };
    for (const called of timers) void listenToTimer(called, listening);
    const messagesSettled = Promise.all(
      withTrigger("serviceBus", enabled).map((called) => listenToServiceBus(called, listening)),
    );
    const stop = hostShutdown({
      core,
      server,
      stopping,
      givingUp,
      graceMs: options.graceMs ?? 30_000,
      log,
      idle: () => Promise.all([server.idle(), invoker.idle()]),
      messagesSettled,
    });
    if (options.signal?.aborted) await stop();
    else if (options.signal !== undefined) void once(options.signal, "abort").then(stop);
    return { url: server.url, functions, invoke, stop };
  } catch (error) {
    core.host = undefined;
    throw error;
  }
}
