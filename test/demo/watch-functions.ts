import { silentLog, type Log } from "../../shared/ports/log.ts";
import type { StoryTeller } from "./story-teller.ts";

export interface FunctionWatch {
  /** For the host: what it logs tells when each function ended. */
  readonly log: Log;
  /** Forgets what has ended so far. */
  readonly begin: () => void;
  /** Waits until each function of the story has ended since then, and tells it, in the order of the ends. */
  readonly tell: (story: StoryTeller) => Promise<void>;
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
    begin: () => ended.clear(),
    tell: async (story) => {
      const deadline = performance.now() + 10_000;
      while (!Object.keys(steps).every((name) => ended.has(name)) && performance.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 5));
      // A map keeps the order in which the functions ended.
      for (const [name, at] of ended) if (steps[name] !== undefined) story.tell(steps[name], at);
    },
  };
}

const steps: Readonly<Record<string, string>> = {
  receiveRegistryNotification: "the event arrived; the image is on record and its scan is queued",
  scanImage: "Trivy has scanned it; findings and alert were stored in one transaction, then published",
  dispatchAlert: "the alert was on the topic; a delivery is queued for each subscriber",
  deliverWebhook: "the signed webhook was accepted",
};
