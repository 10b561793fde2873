import type { MessageRetries } from "../../ports/message-retries.ts";
import { sendEach, type Sender } from "./send-each.ts";

export function brokerMessageRetries(broker: Sender): MessageRetries {
  return {
    // Without an id of ours: it is a duplicate on purpose.
    sendAgain: async (queue, body, notBefore) => sendEach(broker, queue, [{ body, scheduledEnqueueAt: notBefore }]),
  };
}
