/** Sends a message to its queue again, for what may work later: Service Bus itself delivers again at once. */
export interface MessageRetries {
  /** The same body as a new message; duplicate detection does not drop it. */
  readonly sendAgain: (queue: string, body: string, notBefore: Date) => Promise<void>;
}
