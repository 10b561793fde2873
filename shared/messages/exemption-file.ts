import * as z from "zod";
import { addDays } from "../domain/days.ts";
import { justifications, type Exemption, type ExemptionSource } from "../domain/exemption.ts";
import { parsePackageUrl } from "../domain/package-url.ts";
import { printable } from "../domain/printable.ts";
import { parseWith } from "./invalid-message-error.ts";
import { Digest, Instant } from "./reference-schema.ts";

/** What is wrong where: the path within the file leads to the line. */
export interface ExemptionIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** All exemptions of a file, or all that is wrong with it. */
export function parseExemptionFile(
  value: unknown,
): { readonly exemptions: readonly Exemption[] } | { readonly issues: readonly ExemptionIssue[] } {
  const result = ExemptionFile.safeParse(value);
  if (!result.success) return { issues: result.error.issues.map(toIssue) };
  return { exemptions: result.data.exemptions.map(({ id, ...rest }) => toExemption(id, rest, "file")) };
}

/** The body of PUT /api/exemptions/{id}. Throws InvalidMessageError. */
export function parseExemption(id: string, body: unknown, createdAt: Date): Exemption {
  const named = parseWith(ExemptionId, id, "valid id of an exemption");
  return { createdAt, ...toExemption(named, parseWith(GivenExemption, body, "valid exemption"), "api") };
}

function toExemption(id: string, rest: z.output<typeof GivenExemption>, source: ExemptionSource): Exemption {
  const { owner, reason, createdAt, until, justification, ...scope } = rest;
  return {
    ...{ id, scope, owner, reason },
    ...(createdAt !== undefined && { createdAt }),
    ...(until !== undefined && { until }),
    source,
    ...(justification !== undefined && { verdict: { status: "not_affected", justification } as const }),
  };
}

function toIssue(issue: z.core.$ZodIssue): ExemptionIssue {
  const path = issue.path.map((part) => (typeof part === "symbol" ? part.toString() : part));
  return { path, message: printable(issue.message, 300) };
}

const ExemptionId = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9.-]{0,127})$/, "expected lower case letters, digits, - and ., at most 128");

/** `2027-03-31`, the end of that day in UTC, or an instant. */
const Until = z
  .union(
    [z.iso.date().transform(endOfDay), Instant],
    "expected a day such as 2027-03-31, or an instant such as 2027-03-31T12:00:00Z",
  )
  .describe(
    "The last day in UTC, such as 2027-03-31; or the instant at which it ends. Missing: until it is taken away",
  );

const scope = {
  vulnerability: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{2,127}$/, "expected an id such as CVE-2026-1234 or GHSA-abcd-efgh-ijkm")
    .optional()
    .describe("Its id or an alias, such as CVE-2026-1234. Letter case does not matter"),
  package: z
    .string()
    .min(1, "expected the name of a package")
    .max(500)
    .refine(
      (text) => !text.startsWith("pkg:") || parsePackageUrl(text) !== undefined,
      "expected a name, or a package URL such as pkg:deb/debian/openssl",
    )
    .optional()
    .describe("Its name, or a package URL; version and qualifiers narrow it down where they are given"),
  repository: z
    .string()
    .min(1, "expected a glob of repositories")
    .max(255)
    .optional()
    .describe(
      "Glob: ** crosses slashes, * does not. With a registry when there is a dot or colon before the first slash",
    ),
  digest: Digest.optional().describe("Of one manifest, or of an index and all that it lists"),
  platform: z
    .string()
    .regex(/^[a-z0-9]+\/[a-z0-9_]+(?:\/[a-z0-9.]+)?$/, "expected os/architecture, such as linux/arm64")
    .optional()
    .describe("linux/arm64 or linux/arm64/v8; without a variant all variants are meant"),
};

const given = {
  owner: z
    .string()
    .min(1, "say who answers for it")
    .max(200)
    .describe("Who answers for it: a person, a team, an address"),
  reason: z.string().min(10, "say why, in 10 characters at least").max(2000),
  createdAt: Instant.optional().describe("When it was decided"),
  until: Until.optional(),
  justification: z
    .enum(justifications, `expected one of ${justifications.join(", ")}`)
    .optional()
    .describe("When the flaw does no harm here: why, in the words of OpenVEX. Without one the risk is known and taken"),
};

const GivenExemption = exemptionOf({ ...scope, ...given });

const FileExemption = exemptionOf({ id: ExemptionId, ...scope, ...given });

/** A reviewed file of exemptions, as YAML or JSON gives it. docs/exemptions.schema.json is made from this. */
const ExemptionFile = z
  .strictObject(
    { exemptions: z.array(FileExemption).max(10_000, "at most 10,000 in one file") },
    { error: unknownName },
  )
  .describe(
    "Exemptions of Tidewatch: decisions to put up with vulnerabilities. At least one part of the scope is named",
  );

/** docs/exemptions.schema.json, for editors: JSON Schema 2020-12. */
export function exemptionFileJsonSchema(): object {
  return {
    ...z.toJSONSchema(ExemptionFile, { io: "input", unrepresentable: "any" }),
    title: "Exemptions of Tidewatch",
  };
}

function exemptionOf<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z
    .strictObject(shape, { error: unknownName })
    .refine(namesSomething, `name at least one of ${Object.keys(scope).join(", ")}`);
}

function namesSomething(named: object): boolean {
  return Object.entries(named).some(([name, part]) => Object.hasOwn(scope, name) && part !== undefined);
}

function unknownName(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== "unrecognized_keys") return undefined;
  const unknown = issue.keys.map((key) => printable(key, 60)).join(", ");
  const known = ["id", ...Object.keys(scope), ...Object.keys(given)].join(", ");
  return `there is no ${unknown}; an exemption has ${known}`;
}

function endOfDay(day: string): Date {
  return addDays(new Date(day), 1);
}
