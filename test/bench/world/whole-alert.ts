import type { ReceivedWebhook, WebhookReceiver } from "../../support/webhook-receiver.ts";

/** Resolves to the instant at which the last part of the image's alert had come: a long one has several. */
export async function wholeAlert(webhooks: WebhookReceiver, digest: string, timeoutMs: number): Promise<number> {
  for (;;) {
    const received = [...webhooks.received];
    const parts = received.filter(({ event }) => event.subject.endsWith(`@${digest}`));
    if (isWhole(parts)) return Math.max(...parts.map(({ receivedAt }) => receivedAt));
    await webhooks.waitFor(received.length + 1, timeoutMs);
  }
}

/** How many images these webhooks tell of, all parts of their alerts. */
export function wholeAlerts(received: readonly ReceivedWebhook[]): number {
  return [...Map.groupBy(received, ({ event }) => event.subject).values()].filter(isWhole).length;
}

function isWhole(parts: readonly ReceivedWebhook[]): boolean {
  const [first] = parts;
  return first !== undefined && new Set(parts.map(({ id }) => id)).size >= (first.event.data.parts ?? 1);
}
