import { problem, type HttpAnswer, type HttpCall } from "./http-answer.ts";

/** Where the Functions host looks for a key: the header first, then the query. */
export const presentedKey = (call: HttpCall): string => call.headers["x-functions-key"] ?? call.query.get("code") ?? "";

export const unauthorized = (): HttpAnswer =>
  problem(401, "Unauthorized", {
    detail: "Send a key that opens this address in the header x-functions-key, or as code in the query.",
  });
