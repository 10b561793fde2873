import { silentLog, type Log } from "../../shared/ports/log.ts";
import type { Step } from "./story-teller.ts";

export interface FunctionWatch {
  /** For the host: what it logs tells when each function ended. */
  readonly log: Log;
  /** Waits until each function of the story has ended; rejects after ten seconds. */
  readonly steps: () => Promise<readonly Step[]>;
}

export function watchFunctions(): FunctionWatch {
  const ended = new Map<string, number>();
  return {
    log: {
      ...silentLog,
      debug: (message, { function: name } = {}) => {
        if (message === "Function succeeded" && typeof name === "string" && !ended.has(name))
          ended.set(name, performance.now());
      },
    },
    steps: async () => {
      const deadline = performance.now() + 10_000;
      while (!Object.keys(told).every((name) => ended.has(name)) && performance.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 5));
      return Object.entries(told).map(([name, text]) => {
        const at = ended.get(name);
        if (at === undefined) throw new Error(`The function ${name} has not ended within ten seconds.`);
        return { text, at };
      });
    },
  };
}

const told: Readonly<Record<string, string>> = {
  scanImage: "scanImage has ended: findings and alert were stored in one transaction and published",
  dispatchAlert: "dispatchAlert has ended: the alert came over the topic; the subscriber accepted the signed webhook",
};
