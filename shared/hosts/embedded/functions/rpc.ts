/**
 * The messages between the Functions host and its Node.js worker, as far as they are used here: the types of
 * `@azure/functions-core`, which is published with the worker and not as a package.
 * Source: github.com/Azure/azure-functions-nodejs-worker, types-core/index.d.ts.
 */
export interface RpcTypedData {
  /** Handed to the function as parsed JSON when it is JSON. */
  readonly string?: string;
  readonly json?: string;
  readonly bytes?: Uint8Array;
  readonly http?: RpcHttpData;
  readonly int?: number;
  readonly double?: number;
  readonly collectionString?: { readonly string: readonly string[] };
}

export interface RpcHttpData {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly nullableQuery?: Readonly<Record<string, { readonly value: string }>>;
  readonly body?: RpcTypedData | null;
  readonly statusCode?: string;
  readonly cookies?: readonly RpcHttpCookie[];
}

export interface RpcHttpCookie {
  readonly name: string;
  readonly value: string;
  readonly domain?: RpcNullable<string>;
  readonly path?: RpcNullable<string>;
  readonly expires?: RpcNullable<{ readonly seconds: number }>;
  readonly secure?: RpcNullable<boolean>;
  readonly httpOnly?: RpcNullable<boolean>;
  readonly sameSite?: "none" | "lax" | "strict" | "explicitNone";
  readonly maxAge?: RpcNullable<number>;
}

export type RpcNullable<T> = { readonly value: T } | undefined;

export interface RpcTraceContext {
  readonly traceParent: string;
  readonly traceState?: string;
}

export interface RpcInvocationRequest {
  readonly invocationId: string;
  readonly functionId: string;
  readonly inputData: readonly { readonly name: string; readonly data: RpcTypedData }[];
  readonly triggerMetadata: Readonly<Record<string, RpcTypedData>>;
  readonly traceContext: RpcTraceContext;
}

export interface RpcInvocationResponse {
  readonly returnValue?: RpcTypedData | null;
}

export type RpcLogLevel = "trace" | "debug" | "information" | "warning" | "error" | "critical" | "none";

export type RpcLogCategory = "user" | "system" | "customMetric";

export type FunctionCallback = (...inputs: unknown[]) => unknown;

export interface CoreInvocationContext {
  readonly invocationId: string;
  readonly request: RpcInvocationRequest;
  readonly metadata: { readonly name: string; readonly bindings: Readonly<Record<string, unknown>> };
  /** Read by the library: a log call outside of these states earns a warning. */
  state: "preInvocationHooks" | "invocation" | "postInvocationHooks" | undefined;
  readonly log: (level: RpcLogLevel, category: RpcLogCategory, message: string) => void;
}

/** One per invocation, made by @azure/functions. */
export interface InvocationModel {
  readonly getArguments: () => Promise<{ readonly context: unknown; readonly inputs: unknown[] }>;
  readonly invokeFunction: (context: unknown, inputs: unknown[], callback: FunctionCallback) => Promise<unknown>;
  readonly getResponse: (context: unknown, result: unknown) => Promise<RpcInvocationResponse>;
}

/** Given to the worker by @azure/functions when it is imported. */
export interface ProgrammingModel {
  readonly name: string;
  readonly version: string;
  getInvocationModel: (context: CoreInvocationContext) => InvocationModel;
  getCapabilities: (capabilities: Record<string, string>) => Promise<Record<string, string>>;
}
