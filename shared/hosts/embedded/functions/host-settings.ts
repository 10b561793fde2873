import * as z from "zod";
import { describeIssues } from "../../../messages/describe-issues.ts";
import type { LogLevel } from "./structured-log.ts";
import { parseTimeSpan } from "./time-span.ts";

/** What the embedded host obeys of host.json; what else the file says is for Azure. */
export interface HostSettings {
  /** Undefined means no limit (`-1` in the file). */
  readonly functionTimeoutMs: number | undefined;
  /** Without slashes around it; may be empty. */
  readonly routePrefix: string;
  /** Requests in progress before the next is answered 429. */
  readonly maxOutstandingRequests: number;
  readonly customHeaders: Readonly<Record<string, string>>;
  /** `logging.logLevel.default`, for whoever makes the log. */
  readonly logLevel: LogLevel;
  readonly maxConcurrentCalls: number;
  readonly maxAutoLockRenewalMs: number;
  readonly maxMessageBatchSize: number;
}

export function parseHostSettings(hostJson: unknown): HostSettings {
  const result = schema.safeParse(hostJson);
  if (!result.success) throw new HostJsonError(describeIssues(result.error, 1500));
  const { functionTimeout, logging, extensions } = result.data;
  const { http, serviceBus } = extensions;
  return {
    functionTimeoutMs: functionTimeout === "none" ? undefined : functionTimeout,
    routePrefix: http.routePrefix.replaceAll(/^\/+|\/+$/g, ""),
    maxOutstandingRequests: http.maxOutstandingRequests === -1 ? Infinity : http.maxOutstandingRequests,
    customHeaders: http.customHeaders,
    logLevel: logLevels[logging.logLevel.default],
    maxConcurrentCalls: serviceBus.maxConcurrentCalls,
    maxAutoLockRenewalMs: serviceBus.maxAutoLockRenewalDuration,
    maxMessageBatchSize: serviceBus.maxMessageBatchSize,
  };
}

export class HostJsonError extends Error {
  override name = "HostJsonError";

  constructor(problems: readonly string[]) {
    super(`host.json cannot be used:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
  }
}

function toMilliseconds(text: string, context: z.RefinementCtx): number {
  const milliseconds = parseTimeSpan(text);
  if (milliseconds !== undefined) return milliseconds;
  context.addIssue({ code: "custom", message: `"${text}" is not a time span like 00:30:00` });
  return z.NEVER;
}

const toTimeout = (text: string, context: z.RefinementCtx) => (text === "-1" ? "none" : toMilliseconds(text, context));

const timeSpan = z.string().transform(toMilliseconds);

const logLevels = {
  Trace: "debug",
  Debug: "debug",
  Information: "info",
  Warning: "warn",
  Error: "error",
  Critical: "error",
  None: "error",
} as const;

const levelNames = ["Trace", "Debug", "Information", "Warning", "Error", "Critical", "None"] as const;

/** Defaults are those of Azure, except for concurrency, which there depends on the number of processors. */
const schema = z.object({
  version: z.literal("2.0"),
  functionTimeout: z
    .string()
    .transform(toTimeout)
    .default(30 * 60_000),
  logging: z
    .object({ logLevel: z.object({ default: z.enum(levelNames).default("Information") }).prefault({}) })
    .prefault({}),
  extensions: z
    .object({
      http: z
        .object({
          routePrefix: z.string().default("api"),
          maxOutstandingRequests: z.int().min(-1).default(200),
          customHeaders: z.record(z.string(), z.string()).default({}),
        })
        .prefault({}),
      serviceBus: z
        .object({
          maxConcurrentCalls: z.int().min(1).default(16),
          maxAutoLockRenewalDuration: timeSpan.default(5 * 60_000),
          maxMessageBatchSize: z.int().min(1).default(1000),
        })
        .prefault({}),
    })
    .prefault({}),
});
