/** One alert on its way to one subscriber. */
export interface WebhookDelivery {
  readonly subscriber: string;
  readonly alertId: string;
  /** CloudEvents 1.0 JSON, byte for byte what is signed and sent, on every attempt the same. */
  readonly event: string;
  /** 1 for the first. */
  readonly attempt: number;
}

/** The queue of further attempts. */
export interface WebhookDeliveries {
  /**
   * One that was sent before (same subscriber, alert and attempt) is dropped. When this rejects some may have been sent;
   * sending all again is harmless.
   */
  readonly send: (deliveries: readonly WebhookDelivery[], notBefore?: Date) => Promise<void>;
}
