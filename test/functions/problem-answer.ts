import { expect } from "vitest";
import * as z from "zod";

/** Status, title and detail of an error, which has to be one that RFC 9457 describes. */
export async function problem(answer: Response): Promise<readonly [status: number, title: string, detail: string]> {
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  const { type, status, title, detail } = Problem.parse(await answer.json());
  expect([type, status]).toEqual(["about:blank", answer.status]);
  return [status, title, detail];
}

const Problem = z.strictObject({
  type: z.string(),
  status: z.number(),
  title: z.string(),
  detail: z.string(),
});
