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
          body: JSON.stringify({ source, reason, detail, body: cut(body) }),
          subject: reason,
          applicationProperties: { source, reason },
        },
      ]),
  };
}

/** At most 64 KiB as JSON, where a control character takes six bytes: the letter has to fit into a message. */
function cut(body: string): string {
  let text = body.slice(0, maximumBytes);
  while (Buffer.byteLength(JSON.stringify(text)) > maximumBytes) text = text.slice(0, Math.floor(text.length * 0.9));
  return text;
}

const maximumBytes = 65_536;
