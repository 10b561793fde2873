import { contentId } from "../../domain/content-id.ts";
import { deadLettersQueue } from "../../messages/entities.ts";
import type { DeadLetters } from "../../ports/dead-letters.ts";
import { sendEach, type Sender } from "./send-each.ts";

export function brokerDeadLetters(broker: Sender): DeadLetters {
  return {
    add: async ({ source, reason, detail, body }) =>
      sendEach(broker, deadLettersQueue, [
        {
          messageId: contentId("dead-letter", source, reason, body),
          body: JSON.stringify({ source, reason, detail, body: body.slice(0, 65_536) }),
          subject: reason,
          applicationProperties: { source, reason },
        },
      ]),
  };
}
