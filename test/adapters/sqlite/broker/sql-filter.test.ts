import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { likeMatches } from "../../../../shared/adapters/sqlite/broker/like-matches.ts";
import { sqlMatcher } from "../../../../shared/adapters/sqlite/broker/sql-filter.ts";

const message = {
  messageId: "m-1",
  body: "{}",
  subject: "finding.opened",
  applicationProperties: {
    severity: "high",
    count: 3,
    ratio: 0.5,
    fixAvailable: true,
    "Repo Name": "team/app",
    it: "it's",
  },
};

describe("an SQL filter", () => {
  it.each([
    "severity = 'high'",
    "SEVERITY = 'high' and Count = 3",
    "severity <> 'low' AND severity != 'medium'",
    "count > 2 AND count >= 3 AND count < 4 AND count <= 3",
    "ratio = 0.5 AND ratio > -1 AND ratio <= 5e-1",
    "fixAvailable = TRUE",
    "severity IN ('critical', 'high')",
    "severity NOT IN ('low', 'medium')",
    "[Repo Name] LIKE 'team/%'",
    "\"Repo Name\" LIKE '_eam/app'",
    "severity NOT LIKE 'H%'",
    "it = 'it''s'",
    "user.severity = 'high' AND sys.Label = 'finding.opened' AND sys.MessageId LIKE 'm-_'",
    "EXISTS(severity) AND NOT EXISTS(owner)",
    "severity IS NOT NULL AND owner IS NULL AND sys.CorrelationId IS NULL",
    "1 = 1",
  ])("holds: %s", (expression) => {
    expect(sqlMatcher(expression)(message)).toBe(true);
  });

  it.each([
    "severity = 'High'",
    "count = 4",
    "severity IN ('low')",
    "severity NOT IN ('low', 'high')",
    "severity LIKE 'hig'",
    "EXISTS(owner)",
    "severity IS NULL",
    "1 = 2",
  ])("does not hold: %s", (expression) => {
    expect(sqlMatcher(expression)(message)).toBe(false);
  });

  it.each([
    ["NOT binds closer than AND", "NOT severity = 'low' AND count = 3", true],
    ["AND binds closer than OR", "count = 3 OR count = 4 AND severity = 'low'", true],
    ["parentheses bind closest", "(count = 3 OR count = 4) AND severity = 'low'", false],
    ["NOT takes a parenthesis", "NOT (severity = 'low' OR count = 4)", true],
  ])("%s", (_, expression, holds) => {
    expect(sqlMatcher(expression)(message)).toBe(holds);
  });

  it.each([
    "owner = 'me'",
    "NOT owner = 'me'",
    "owner <> 'me'",
    "owner IN ('me')",
    "owner NOT IN ('me')",
    "owner LIKE '%'",
    "owner NOT LIKE '%'",
    "NOT (owner = 'me' AND severity = 'high')",
    "owner = 'me' OR severity = 'low'",
    "severity > 3",
    "NOT severity > 3",
    "count = '3'",
    "count <> '3'",
    "NOT sys.CorrelationId = 'c'",
  ])("neither holds nor fails when a value is missing or of another type: %s", (expression) => {
    expect(sqlMatcher(expression)(message)).toBe(false);
    expect(sqlMatcher(`NOT (${expression})`)(message)).toBe(false);
  });

  it.each([
    ["owner = 'me' AND severity = 'low'", false],
    ["NOT (owner = 'me' AND severity = 'low')", true],
    ["owner = 'me' OR severity = 'high'", true],
  ])("decides without the unknown part where it can: %s", (expression, holds) => {
    expect(sqlMatcher(expression)(message)).toBe(holds);
  });

  it.each([
    ["", "a property or a value is expected"],
    ["severity", "write for example fixAvailable = TRUE"],
    ["severity = ", "a property or a value is expected"],
    ["severity = 'high", "does not end"],
    ["severity == 'high'", "a property or a value is expected"],
    ["severity = 'a' severity = 'b'", "AND, OR or the end is expected"],
    ["(severity = 'a'", '")" is expected'],
    ["count + 1 = 4", "arithmetic"],
    ["count = -severity", "arithmetic"],
    ["count = 5days", "not understood"],
    ["severity > 'a'", "numbers only"],
    ["severity = NULL", "use IS NULL"],
    ["'a' IS NULL", "asks about a property"],
    ["newid() = 'a'", "functions are not supported"],
    ["severity = @level", "parameters are not supported"],
    ["sys.Subject = 'a'", "sys.Label (the subject)"],
    ["sys.EnqueuedTimeUtc = 'a'", "sys.EnqueuedTimeUtc is not known here"],
    ["message.severity = 'a'", "neither sys nor user"],
    ["severity LIKE pattern", "a pattern in quotation marks"],
    ["severity LIKE 'a' ESCAPE 'ab'", "exactly one character"],
    ["severity IN ()", "a property or a value is expected"],
    ["like = 'a'", "write [like] for a property"],
    ["severity = 'a'; DROP TABLE message", '";" is not understood'],
    ["severity = 'a' OR ".repeat(60) + "1 = 1", "longer than 1024 characters"],
  ])("refuses what it does not understand: %s", (expression, problem) => {
    expect(() => sqlMatcher(expression)).toThrow(problem);
  });

  it("is refused or understood, but never fails in another way", () => {
    const word = fc.constantFrom(
      "severity",
      "count",
      "NOT",
      "AND",
      "OR",
      "(",
      ")",
      "=",
      "<",
      "'a'",
      "3",
      "IN",
      ",",
      "LIKE",
      "IS",
      "NULL",
      "EXISTS",
      "sys.",
      "To",
      "-",
      "[x]",
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        try {
          expect(typeof sqlMatcher(words.join(" "))(message)).toBe("boolean");
        } catch (error) {
          expect(error).toMatchObject({ name: "InvalidSqlFilterError" });
        }
      }),
    );
  });
});

describe("LIKE", () => {
  it("matches as a regular expression of the same meaning does", () => {
    const part = fc.constantFrom("a", "b", "%", "_", ".");
    const text = fc.array(fc.constantFrom("a", "b", ".")).map((parts) => parts.join(""));
    const pattern = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, pattern, (value, like) => {
        const source = like.replaceAll(".", "\\.").replaceAll("%", ".*").replaceAll("_", ".");
        expect(likeMatches(value, like, undefined)).toBe(new RegExp(`^${source}$`, "s").test(value));
      }),
    );
  });

  it("takes an escaped wildcard literally", () => {
    expect(sqlMatcher("it LIKE '100\\%' ESCAPE '\\'")({ ...message, applicationProperties: { it: "100%" } })).toBe(
      true,
    );
    expect(sqlMatcher("it LIKE '100\\%' ESCAPE '\\'")({ ...message, applicationProperties: { it: "1000" } })).toBe(
      false,
    );
  });

  it("ends soon on a pattern that makes a regular expression backtrack for ever", () => {
    const started = performance.now();

    expect(likeMatches("a".repeat(5_000), "%a".repeat(40) + "b", undefined)).toBe(false);

    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
