/**
 * The work could not be done now and can be done later. The caller completes the message and sends it again,
 * not to be delivered before {@link notBefore}, or after its own back-off when that is missing.
 */
export class RetryLaterError extends Error {
  override name = "RetryLaterError";
  readonly notBefore: Date | undefined;

  constructor(message: string, options: { readonly notBefore?: Date | undefined; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.notBefore = options.notBefore;
  }
}

/** No retry can cure this. The message goes to the dead letter with {@link reason}, a short stable code, and the text. */
export class DeadLetterError extends Error {
  override name = "DeadLetterError";
  readonly reason: string;

  constructor(reason: string, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.reason = reason;
  }
}
