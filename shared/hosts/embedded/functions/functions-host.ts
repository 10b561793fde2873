import type { Clock } from "../../../ports/clock.ts";
import type { Log } from "../../../ports/log.ts";
import type { KeyStore } from "./key-store.ts";
import type { MessageBroker } from "./service-bus-listener.ts";
import type { ScheduleStore } from "./schedule-store.ts";

/** What {@link startFunctionsHost} needs from the machine it runs on. */
export interface FunctionsHostOptions {
  /** Imports the file that registers the functions; called once, when `@azure/functions-core` can be answered. */
  readonly functions: () => Promise<unknown>;
  readonly broker: MessageBroker;
  readonly clock: Clock;
  readonly log: Log;
  /** The parsed host.json, the file that is deployed to Azure. */
  readonly hostJson: unknown;
  /** Resolves `%Name%` in schedules and in queue, topic and subscription names; `AzureWebJobs.<function>.Disabled` turns one off. */
  readonly appSettings: Readonly<Record<string, string>>;
  readonly keys: KeyStore;
  readonly schedules: ScheduleStore;
  readonly listen: ListenOptions;
  /** How long {@link FunctionsHost.stop} waits for running functions. Default 30 seconds. */
  readonly graceMs?: number;
  /** Aborting it is the same as calling {@link FunctionsHost.stop}. */
  readonly signal?: AbortSignal;
}

export interface ListenOptions {
  /** Default 127.0.0.1: nobody else on the network can reach it. */
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** For the headers of a request to arrive. Default 10 seconds. */
  readonly headersTimeoutMs?: number;
  /** For a whole request to arrive. Default 30 seconds. */
  readonly requestTimeoutMs?: number;
  /** An unused connection stays open this long. Default 75 seconds. */
  readonly keepAliveTimeoutMs?: number;
}

export interface FunctionsHost {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  readonly functions: readonly FunctionSummary[];
  /**
   * Runs a timer, queue, topic or Event Grid function now and resolves to what it returned. The input is the message
   * or event; a timer takes none. Rejects with what the function threw.
   */
  readonly invoke: (name: string, input?: unknown) => Promise<unknown>;
  /**
   * Stops accepting, lets running functions end within the grace period, gives unfinished messages back, runs the
   * appTerminate hooks. A second call waits for the first.
   */
  readonly stop: () => Promise<void>;
}

export interface FunctionSummary {
  readonly name: string;
  readonly trigger: "http" | "timer" | "serviceBus" | "eventGrid";
  /** Where it listens: route, schedule or entity path. */
  readonly source: string;
  readonly disabled: boolean;
}
