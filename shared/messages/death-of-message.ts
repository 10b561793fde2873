import * as z from "zod";

export interface MessageDeath {
  /** Of the broker or of whoever gave the message up: MaxDeliveryCountExceeded, TTLExpiredException, … */
  readonly reason: string;
  readonly detail: string;
}

/**
 * Why a message is in a dead-letter queue, out of the metadata of its trigger. @azure/functions writes the names of the
 * application properties with a small letter at the beginning.
 */
export function deathOfMessage(triggerMetadata: unknown): MessageDeath {
  const { deadLetterReason: reason, deadLetterErrorDescription: detail } =
    Metadata.parse(triggerMetadata).applicationProperties;
  return { reason, detail };
}

const unknownDeath = { deadLetterReason: "unknown", deadLetterErrorDescription: "The broker gave no description." };

const Metadata = z
  .object({
    applicationProperties: z.object({
      deadLetterReason: z.string().catch(unknownDeath.deadLetterReason),
      deadLetterErrorDescription: z.string().catch(unknownDeath.deadLetterErrorDescription),
    }),
  })
  .catch({ applicationProperties: unknownDeath });
