import type { MessageSender } from "../sqlite/broker/broker.ts";
import type { OutgoingMessage } from "../sqlite/broker/message.ts";

export type Sender = Pick<MessageSender, "send">;

/**
 * One send per message: together they may be more than a single send takes. The broker writes those that arrive at
 * the same time in one transaction.
 */
export async function sendEach(broker: Sender, entity: string, messages: readonly OutgoingMessage[]): Promise<void> {
  await Promise.all(messages.map((message) => broker.send(entity, [{ contentType: "application/json", ...message }])));
}
