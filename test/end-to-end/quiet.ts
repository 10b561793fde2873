import { subscriptionPath } from "../../shared/adapters/sqlite/broker/entities.ts";
import {
  findingsTopic,
  sbomRequestsQueue,
  scanRequestsQueue,
  webhookDeliveriesQueue,
  webhooksSubscription,
} from "../../shared/messages/entities.ts";
import type { Lab } from "../support/lab.ts";
import { eventually } from "./eventually.ts";

/**
 * Resolves when everything that the registry has told is scanned and announced: what has not happened by then is not
 * going to happen. Messages that wait for their time do not count; SBOMs, which are made at low priority, only if asked for.
 */
export async function quiet({ inProcess, tidewatch }: Lab, { sboms = false } = {}): Promise<void> {
  await inProcess?.notified();
  await eventually(async () => {
    for (const path of sboms ? [...paths, sbomRequestsQueue] : paths) {
      const { active, locked } = await tidewatch.broker.counts(path);
      if (active + locked > 0) throw new Error(`${active} messages wait in ${path}, ${locked} are worked on.`);
    }
  }, 40_000);
}

/** In the order in which a message causes the next, so that none slips through between two looks. */
const paths = [scanRequestsQueue, subscriptionPath(findingsTopic, webhooksSubscription), webhookDeliveriesQueue];
