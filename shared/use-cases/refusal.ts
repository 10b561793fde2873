import { DeadLetterError } from "../domain/failure.ts";
import { RegistryAccessError } from "../ports/image-registry.ts";

/** What a registry answered when it will not answer better soon; every other ending goes on as it is. */
export async function orRefusal<T>(question: Promise<T>): Promise<T | Refusal> {
  try {
    return await question;
  } catch (error) {
    if (error instanceof RegistryAccessError || error instanceof DeadLetterError)
      return { kind: "refused", error: error.message, isLockedOut: error instanceof RegistryAccessError };
    throw error;
  }
}

export interface Refusal {
  readonly kind: "refused";
  readonly error: string;
  /** Not only this: whatever else is asked in its repository will be refused, too. */
  readonly isLockedOut: boolean;
}

export function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === "object" && answer !== null && "kind" in answer && answer.kind === "refused";
}
