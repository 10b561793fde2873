import { registerHooks } from "node:module";
import type { FunctionCallback, ProgrammingModel, RpcLogCategory, RpcLogLevel } from "./rpc.ts";

/**
 * What has been registered in this process by way of `@azure/functions-core`, a module that otherwise exists only
 * inside the worker of Azure Functions. The first call answers that name for the whole process; there is one registry
 * per process because @azure/functions and the files that use it are loaded once per process.
 */
export function functionsCore(): FunctionsCore {
  const present: unknown = Reflect.get(globalThis, coreKey);
  if (isFunctionsCore(present)) return present;
  const core = createFunctionsCore();
  Object.defineProperty(globalThis, coreKey, { value: core });
  answerFunctionsCore();
  return core;
}

export interface FunctionsCore {
  readonly functions: Map<string, { readonly metadata: unknown; readonly callback: FunctionCallback }>;
  readonly hooks: Readonly<Record<HookName, Set<HookCallback>>>;
  model: ProgrammingModel | undefined;
  /** Set while a host runs: it takes what the library itself logs, and closes registration. */
  host: { readonly log: (level: RpcLogLevel, category: RpcLogCategory, message: string) => void } | undefined;
  /** Shared by the appStart and appTerminate hooks. */
  readonly appHookData: object;
  /** What `require("@azure/functions-core")` answers. */
  readonly module: object;
}

export type HookName = "appStart" | "appTerminate" | "preInvocation" | "postInvocation" | "log";

/** The context is a plain object; @azure/functions wraps it and writes changes back to it. */
export type HookCallback = (context: object) => unknown;

function createFunctionsCore(): FunctionsCore {
  const hooks = {
    appStart: new Set<HookCallback>(),
    appTerminate: new Set<HookCallback>(),
    preInvocation: new Set<HookCallback>(),
    postInvocation: new Set<HookCallback>(),
    log: new Set<HookCallback>(),
  };
  const core: FunctionsCore = {
    functions: new Map(),
    hooks,
    model: undefined,
    appHookData: {},
    host: undefined,
    module: {
      version: "embedded",
      hostVersion: "4.0.0",
      setProgrammingModel: (model: ProgrammingModel) => (core.model = model),
      getProgrammingModel: () => core.model,
      registerFunction: (metadata: { readonly name: string }, callback: FunctionCallback) => {
        if (core.host !== undefined) throw new Error("A function can only be registered before the host has started.");
        core.functions.set(metadata.name, { metadata, callback });
        return { dispose: () => core.functions.delete(metadata.name) };
      },
      registerHook: (name: string, callback: HookCallback) => {
        if (!isHookName(name)) throw new RangeError(`There is no hook named ${name}.`);
        hooks[name].add(callback);
        return { dispose: () => hooks[name].delete(callback) };
      },
      log: (level: RpcLogLevel, category: RpcLogCategory, message: string) => core.host?.log(level, category, message),
    },
  };
  const isHookName = (name: string): name is HookName => Object.hasOwn(hooks, name);
  return core;
}

function answerFunctionsCore(): void {
  registerHooks({
    resolve: (specifier, context, nextResolve) =>
      specifier === "@azure/functions-core"
        ? { url: coreUrl, format: "commonjs", shortCircuit: true }
        : nextResolve(specifier, context),
    load: (url, context, nextLoad) =>
      url === coreUrl ? { format: "commonjs", source: coreSource, shortCircuit: true } : nextLoad(url, context),
  });
}

/** Global, so that a second copy of this file (a bundle beside the source) finds the same registry. */
const coreKey = Symbol.for("tidewatch.functions-core");
const coreUrl = "tidewatch:functions-core";
const coreSource = 'module.exports = globalThis[Symbol.for("tidewatch.functions-core")].module;';

const isFunctionsCore = (value: unknown): value is FunctionsCore =>
  typeof value === "object" && value !== null && "functions" in value && "hooks" in value && "module" in value;
