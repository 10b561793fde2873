import * as z from "zod";
import { accepted, type Ending } from "../fuzz-target.ts";

/**
 * What an answer of the functions host means. Throws when it is none that a client could act on: 500, something that is no
 * HTTP, or a refusal that is no problem document (RFC 9457).
 */
export function judgeAnswer(answer: Buffer, errors: readonly string[]): Ending {
  const failure = errors.find((line) => /Function failed|could not be|has a problem/.test(line));
  if (failure !== undefined) throw new Error(failure);
  if (answer.byteLength === 0) return accepted;
  const [head = "", ...rest] = answer.toString().split("\r\n\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
  if (Number.isNaN(status)) throw new Error(`This is no HTTP: ${head.slice(0, 100)}`);
  if (status === 500) throw new Error(`It answered 500: ${rest.join("").slice(0, 500)}`);
  if (status < 400) return accepted;
  // An answer to HEAD has no body.
  const body = rest.join("\r\n\r\n");
  if (body === "" && /^content-length: [1-9]/im.test(head)) return accepted;
  if (!/^content-type: application\/problem\+json/im.test(head)) throw new Error(`No problem document: ${head}`);
  return { kind: "refused", why: Problem.parse(JSON.parse(body)).detail };
}

const Problem = z.object({
  type: z.string(),
  title: z.string().min(1),
  status: z.int(),
  detail: z.string().default(""),
});
