import type { Log } from "../../../ports/log.ts";
import type { FunctionsCore, HookCallback } from "./functions-core.ts";
import type { RegisteredFunction } from "./registered-function.ts";
import type {
  CoreInvocationContext,
  FunctionCallback,
  RpcInvocationRequest,
  RpcLogCategory,
  RpcLogLevel,
  RpcTypedData,
} from "./rpc.ts";

/**
 * One invocation in the order of the worker (InvocationHandler.ts of azure-functions-nodejs-worker): arguments,
 * preInvocation hooks, function, postInvocation hooks, response. Unlike there, a thrown value that is no Error fails
 * the invocation too.
 */
export async function runInvocation(
  core: FunctionsCore,
  called: RegisteredFunction,
  request: RpcInvocationRequest,
  log: Log,
): Promise<RpcTypedData | null | undefined> {
  if (core.model === undefined) throw new Error("No function has been registered through @azure/functions.");
  const { invocationId } = request;
  const made: { invocationContext?: unknown } = {};
  const coreContext: CoreInvocationContext = {
    invocationId,
    request,
    metadata: called,
    state: undefined,
    log: (level, category, message) =>
      writeLog(core, log, { level, category, message, ...made }, { function: called.name, invocationId }),
  };
  const model = core.model.getInvocationModel(coreContext);
  const { context, inputs } = await model.getArguments();
  made.invocationContext = context;

  const shared = { hookData: {}, invocationContext: context };
  const pre: PreInvocation = { ...shared, functionCallback: called.callback, inputs };
  coreContext.state = "preInvocationHooks";
  await runHooks(core.hooks.preInvocation, pre);

  const post: PostInvocation = { ...shared, inputs: pre.inputs, result: null, error: null };
  coreContext.state = "invocation";
  try {
    post.result = await model.invokeFunction(context, pre.inputs, pre.functionCallback);
  } catch (error) {
    post.error = error ?? new Error("The function threw nothing.");
  }
  coreContext.state = "postInvocationHooks";
  await runHooks(core.hooks.postInvocation, post);
  coreContext.state = undefined;

  if (post.error instanceof Error) throw post.error;
  if (post.error !== null && post.error !== undefined) throw new Error(describe(post.error), { cause: post.error });
  return (await model.getResponse(context, post.result)).returnValue;
}

/** Hooks run in the order of registration; one that throws fails what it was called for. */
export async function runHooks(hooks: ReadonlySet<HookCallback>, context: object): Promise<void> {
  for (const hook of hooks) await hook(context);
}

/** Log hooks may change the level and the message. */
export function writeLog(
  core: FunctionsCore,
  log: Log,
  entry: { level: RpcLogLevel; category: RpcLogCategory; message: string; invocationContext?: unknown },
  fields: { readonly function?: string; readonly invocationId?: string } = {},
): void {
  for (const hook of core.hooks.log) hook(entry);
  const write = logMethod(log, entry.level);
  write?.(entry.message, entry.category === "user" ? fields : { ...fields, category: entry.category });
}

const logMethod = (log: Log, level: RpcLogLevel) =>
  ({
    trace: log.debug,
    debug: log.debug,
    information: log.info,
    warning: log.warn,
    error: log.error,
    critical: log.error,
    none: undefined,
  })[level];

const describe = (thrown: unknown) => (typeof thrown === "string" ? thrown : JSON.stringify(thrown));

interface PreInvocation {
  functionCallback: FunctionCallback;
  inputs: unknown[];
}

interface PostInvocation {
  inputs: unknown[];
  result: unknown;
  error: unknown;
}
