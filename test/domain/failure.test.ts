import { describe, expect, it } from "vitest";
import { DeadLetterError, RetryLaterError } from "../../shared/domain/failure.ts";

describe("failures", () => {
  it("say when to try again, or leave that to the caller", () => {
    const notBefore = new Date("2026-03-01T00:00:00Z");

    expect(new RetryLaterError("It is busy.", { notBefore })).toMatchObject({ name: "RetryLaterError", notBefore });
    expect(new RetryLaterError("It is busy.").notBefore).toBeUndefined();
  });

  it("say why no retry can help, and keep what caused them", () => {
    const cause = new Error("beneath");

    expect(new DeadLetterError("bad-input", "It is no image.", { cause })).toMatchObject({
      name: "DeadLetterError",
      reason: "bad-input",
      message: "It is no image.",
      cause,
    });
  });
});
