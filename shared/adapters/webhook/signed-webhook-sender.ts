import { Webhook } from "standardwebhooks";
import { parseRetryAfter } from "../oci/retry-after.ts";
import type { WebhookAnswer, WebhookRequest, WebhookSender } from "../../ports/webhook-sender.ts";

export interface SignedWebhookSenderOptions {
  readonly userAgent: string;
  /** Standard Webhooks asks for 15 to 30 seconds. */
  readonly timeoutMs: number;
}

/**
 * Sends with the headers of Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp` and `webhook-signature`. The answer's
 * body is not read: nothing in it could matter, and it may be endless. Redirects are not followed, so a signed alert
 * reaches only the host in the settings.
 */
export function signedWebhookSender({ userAgent, timeoutMs }: SignedWebhookSenderOptions): WebhookSender {
  return {
    send: async (request, signal) => {
      const timeout = AbortSignal.timeout(timeoutMs);
      try {
        const response = await fetch(request.url, {
          method: "POST",
          redirect: "manual",
          body: request.body,
          headers: { "content-type": "application/cloudevents+json", "user-agent": userAgent, ...signature(request) },
          signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
        });
        await response.body?.cancel();
        return answer(response, request.sentAt);
      } catch (error) {
        signal?.throwIfAborted();
        return { kind: "unreachable", detail: timeout.aborted ? "it did not answer in time" : reasonOf(error) };
      }
    },
  };
}

function signature({ secret, id, sentAt, body }: WebhookRequest) {
  return {
    "webhook-id": id,
    "webhook-timestamp": Math.floor(sentAt.getTime() / 1000).toString(),
    "webhook-signature": new Webhook(secret.reveal()).sign(id, sentAt, body),
  };
}

function answer(response: Response, now: Date): WebhookAnswer {
  if (response.ok) return { kind: "accepted", status: response.status };
  return {
    kind: "refused",
    status: response.status,
    retryAfter: parseRetryAfter(response.headers.get("retry-after"), now),
  };
}

/** Node's fetch says only "fetch failed"; the system's error is its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "it could not be reached";
  const { cause } = error;
  if (cause instanceof Error && "code" in cause) return `it could not be reached (${String(cause.code)})`;
  return `it could not be reached (${error.message})`;
}
