import * as z from "zod";
import { contentId } from "../domain/content-id.ts";
import { justifications, type Exemption, type ExemptionScope } from "../domain/exemption.ts";
import { parseWith } from "./invalid-message-error.ts";
import { Instant } from "./reference-schema.ts";
import { toVexScope } from "./vex-scope.ts";

/** What an OpenVEX document says that we can use, and what of it was left out. */
export interface ReadVexDocument {
  /** Its `@id`. */
  readonly document: string;
  readonly exemptions: readonly Exemption[];
  readonly ignored: readonly IgnoredStatement[];
}

export interface IgnoredStatement {
  /** Its place in the document, from 0. */
  readonly statement: number;
  readonly vulnerability: string;
  readonly why: string;
}

/**
 * An OpenVEX document, version 0.2.0 (https://github.com/openvex/spec): statements that a product is not affected, or
 * is fixed, become exemptions; of several about the same the newest counts. Throws InvalidMessageError.
 */
export function parseVexDocument(value: unknown): ReadVexDocument {
  const document = parseWith(VexDocument, value, "valid OpenVEX document");
  const said = document.statements.flatMap((statement, index) => toSaid(document, statement, index));
  const newest = new Map(said.toSorted((a, b) => a.at.getTime() - b.at.getTime()).map((each) => [each.about, each]));
  const exemptions = new Map<string, Exemption>();
  const ignored: IgnoredStatement[] = [];
  for (const each of said) {
    const { index: statement, vulnerability } = each;
    if (newest.get(each.about) !== each)
      ignored.push({ statement, vulnerability, why: "A later one is about the same." });
    else if (typeof each.scope === "string") ignored.push({ statement, vulnerability, why: each.scope });
    else for (const exemption of toExemptions(document, each, each.scope)) exemptions.set(exemption.id, exemption);
  }
  return { document: document["@id"], exemptions: [...exemptions.values()], ignored };
}

/** One statement about one product or one of its parts. */
interface Said {
  readonly index: number;
  readonly statement: VexStatement;
  readonly vulnerability: string;
  /** What it is about, to know which is the newest. */
  readonly about: string;
  readonly at: Date;
  /** Or why it cannot be used. */
  readonly scope: ExemptionScope | string;
}

function toSaid(document: VexDocument, statement: VexStatement, index: number): readonly Said[] {
  const { status, products, vulnerability } = statement;
  const common = { index, statement, vulnerability: vulnerability.name, at: saidAt(document, statement) };
  if (products.length === 0)
    return [{ ...common, about: JSON.stringify([index]), scope: "It names no product, and so no image." }];
  return products.flatMap((product) => {
    const parts = product.subcomponents.length === 0 ? [undefined] : product.subcomponents;
    return parts.map((part) => ({
      ...common,
      about: JSON.stringify([vulnerability.name, purlOf(product), part && purlOf(part)]),
      scope: isUsed(status) ? toVexScope(purlOf(product), part && purlOf(part)) : `Its status is ${status}.`,
    }));
  });
}

function isUsed(status: VexStatement["status"]): boolean {
  return status === "not_affected" || status === "fixed";
}

/** One for each name: a finding may have been given another one than the statement, and no aliases. */
function toExemptions(
  document: VexDocument,
  { statement, about, at }: Said,
  scope: ExemptionScope,
): readonly Exemption[] {
  const { vulnerability, status, justification, impact_statement: impact, status_notes: notes } = statement;
  const verdict =
    status === "fixed"
      ? ({ status } as const)
      : ({ status: "not_affected", ...(justification && { justification }) } as const);
  const reason = [verdict.status === "fixed" ? "fixed" : justification, impact, notes].filter(Boolean).join(": ");
  return [vulnerability.name, ...vulnerability.aliases].map((name) => ({
    id: `vex-${contentId("vex", document["@id"], about, name)}`,
    scope: { vulnerability: name, ...scope },
    owner: document.author,
    reason,
    createdAt: at,
    source: "vex",
    verdict,
  }));
}

function saidAt(document: VexDocument, { timestamp, last_updated: updated }: VexStatement): Date {
  return updated ?? timestamp ?? document.last_updated ?? document.timestamp;
}

/** The purl among its identifiers, or its `@id`, whatever that is. */
function purlOf(component: NamedComponent): string {
  return component.identifiers?.purl ?? component["@id"] ?? "";
}

interface NamedComponent {
  readonly "@id"?: string | undefined;
  readonly identifiers?: { readonly purl?: string | undefined } | undefined;
}

const Name = z.string().min(1).max(128);

const Component = z
  .object({
    "@id": z.string().max(1000).optional(),
    identifiers: z.object({ purl: z.string().max(1000).optional() }).optional(),
  })
  .refine((named) => purlOf(named) !== "", "name it by @id or identifiers.purl");

const Statement = z
  .object({
    vulnerability: z.object({ name: Name, aliases: z.array(Name).max(20).default([]) }),
    timestamp: Instant.optional(),
    last_updated: Instant.optional(),
    products: z.array(Component.and(z.object({ subcomponents: z.array(Component).default([]) }))).default([]),
    status: z.enum(["not_affected", "affected", "fixed", "under_investigation"]),
    status_notes: z.string().max(2000).optional(),
    justification: z.enum(justifications).optional(),
    impact_statement: z.string().max(2000).optional(),
  })
  .refine(
    ({ status, justification, impact_statement: impact }) =>
      status !== "not_affected" || justification !== undefined || impact !== undefined,
    "not_affected needs a justification or an impact_statement",
  );

type VexStatement = z.output<typeof Statement>;

const VexDocument = z.object({
  "@context": z
    .string()
    .refine(
      (context) => /^https:\/\/openvex\.dev\/ns(?:\/v0\.2\.\d+)?$/.test(context),
      "expected https://openvex.dev/ns/v0.2.0",
    ),
  "@id": z.string().min(1).max(1000),
  author: z.string().min(1).max(200),
  timestamp: Instant,
  last_updated: Instant.optional(),
  statements: z.array(Statement).min(1).max(10_000),
});

type VexDocument = z.output<typeof VexDocument>;
