import * as z from "zod";

import { DeadLetterError, RetryLaterError } from "../../domain/failure.ts";
import { RegistryAccessError } from "../../ports/image-registry.ts";
import type { Answer } from "./exchange.ts";
import { parseRetryAfter } from "./retry-after.ts";

/** Long enough not to hammer a registry that shuts us out, short enough that a cured sign-in shows the same hour. */
const ACCESS_RETRY_MS = 15 * 60 * 1000;

/** Passes on the answers that say something about the content; every other one becomes its error. */
export function requireStatement(answer: Answer, now: Date): Answer {
  const { status, url } = answer;
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    throw new RetryLaterError(`${url.host} answered ${status}.`, {
      notBefore: parseRetryAfter(answer.headers.get("retry-after"), now),
    });
  if (status !== 200 && !answer.fromOrigin)
    throw new RetryLaterError(`${url.host}, where the registry keeps its content, answered ${status}.`);
  if (status === 401 || status === 403) throw accessError(`${url.host} does not allow this (${describe(answer)})`, now);
  return answer;
}

/** `problem` says which registry refused what; what a person can check is added here. */
export function accessError(problem: string, now: Date): RegistryAccessError {
  return new RegistryAccessError(
    `${problem}. Check the credential that is configured for this registry, that it has not expired, and that it ` +
      "may pull from and list this repository.",
    { notBefore: new Date(now.getTime() + ACCESS_RETRY_MS) },
  );
}

/**
 * The answer, or undefined when the registry says there is no such thing. A 404 without the specification's error body
 * is not taken for that: a proxy or a wrong address says so as well, and images must not vanish by it.
 */
export function foundOrGone(answer: Answer): Answer | undefined {
  if (answer.status === 200) return answer;
  if (answer.status !== 404)
    throw new DeadLetterError("registry-refused", `${answer.url.host} refused the request (${describe(answer)}).`);
  if (errorCode(answer) !== undefined) return undefined;
  throw new RetryLaterError(`${answer.url.host} answered 404 without a registry's error code; is it a registry?`);
}

/** The schema proves only the fields we read. */
export function parseAnswer<T>(answer: Answer, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseJson(answer.content));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new DeadLetterError(
    "registry-protocol",
    `${answer.url.host} sent an answer that cannot be read, at ${JSON.stringify(issue?.path.join("."))}.`,
  );
}

/** The code only: the message beside it is free text of the other side and may repeat what we sent. */
function describe(answer: Answer): string {
  return [answer.status, errorCode(answer)].filter((part) => part !== undefined).join(" ");
}

const errorBody = z.object({ errors: z.array(z.object({ code: z.string().regex(/^[A-Z0-9_]{1,64}$/) })).min(1) });

function errorCode(answer: Answer): string | undefined {
  return errorBody.safeParse(parseJson(answer.content)).data?.errors[0]?.code;
}

function parseJson(content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(content));
  } catch {
    return undefined;
  }
}
