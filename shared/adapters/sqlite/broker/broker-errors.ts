/** The caller named a queue, topic or subscription that was not declared when the broker was opened. */
export class EntityNotFoundError extends Error {
  override name = "EntityNotFoundError";
  readonly path: string;

  constructor(path: string, use: string) {
    super(`There is no ${use} "${path}". Declare it in the entities that the broker is opened with.`);
    this.path = path;
  }
}

export type RefusalReason = "messageSizeExceeded" | "propertiesSizeExceeded" | "messageIdTooLong" | "invalidMessage";

/** The message breaks a limit of Service Bus; sending it again cannot help. Nothing of the call was taken. */
export class MessageRefusedError extends Error {
  override name = "MessageRefusedError";
  readonly reason: RefusalReason;

  constructor(reason: RefusalReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** A dead-letter queue has no dead-letter queue of its own: complete the message, or leave it. */
export class DeadLetterRefusedError extends Error {
  override name = "DeadLetterRefusedError";

  constructor(path: string) {
    super(`A message of "${path}" is a dead letter already; complete it, or abandon it to leave it there.`);
  }
}

export class BrokerClosedError extends Error {
  override name = "BrokerClosedError";

  constructor() {
    super("The broker is closed. Open it again before using it.");
  }
}

/** An entity's declaration is outside what Service Bus allows, so it would fail there as well. */
export class InvalidEntityError extends Error {
  override name = "InvalidEntityError";
}
