import type { Secret } from "../domain/secret.ts";

/** Sends one signed HTTP request to one subscriber. */
export interface WebhookSender {
  readonly send: (request: WebhookRequest, signal?: AbortSignal) => Promise<WebhookAnswer>;
}

export interface WebhookRequest {
  readonly url: URL;
  /** `whsec_` and base64 of 24 to 64 bytes, as Standard Webhooks 1.0 writes it. */
  readonly secret: Secret;
  readonly id: string;
  readonly sentAt: Date;
  readonly body: string;
}

/** `refused` stands for every answer that is not 2xx, redirects included; `unreachable` for none at all. */
export type WebhookAnswer =
  | { readonly kind: "accepted"; readonly status: number }
  | { readonly kind: "refused"; readonly status: number; readonly retryAfter?: Date | undefined }
  | { readonly kind: "unreachable"; readonly detail: string };
