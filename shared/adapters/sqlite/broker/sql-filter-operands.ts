import { InvalidSqlFilterError } from "./invalid-sql-filter-error.ts";
import type { TokenReader } from "./sql-filter-reader.ts";
import type { Operand, Property, SystemField } from "./sql-filter-syntax.ts";

export function parseOperand(reader: TokenReader): Operand {
  const token = reader.peek();
  if (reader.takeSymbol("-")) {
    const number = reader.take();
    if (number.kind === "number") return { kind: "literal", value: -number.value };
    throw new InvalidSqlFilterError(reader.expression, token.at, "arithmetic is not supported");
  }
  if (token.kind === "string" || token.kind === "number") {
    reader.take();
    return { kind: "literal", value: token.kind === "string" ? token.text : token.value };
  }
  if (reader.takeWord("TRUE")) return { kind: "literal", value: true };
  if (reader.takeWord("FALSE")) return { kind: "literal", value: false };
  if (reader.takeWord("NULL")) {
    throw new InvalidSqlFilterError(reader.expression, token.at, "a comparison with NULL is never true, use IS NULL");
  }
  return parseProperty(reader);
}

/** `name`, `user.name` or `sys.Name`; [name] and "name" take any characters. */
export function parseProperty(reader: TokenReader): Property {
  const first = nameAt(reader);
  const at = reader.peek().at;
  if (!reader.takeSymbol(".")) return first.property();
  const second = nameAt(reader);
  switch (first.name.toLowerCase()) {
    case "user":
      return second.property();
    case "sys":
      return { kind: "system", field: systemField(reader, second.name, at) };
    default:
      throw new InvalidSqlFilterError(reader.expression, at, `the scope "${first.name}" is neither sys nor user`);
  }
}

function nameAt(reader: TokenReader): { readonly name: string; readonly property: () => Property } {
  const token = reader.peek();
  if (token.kind !== "word" && token.kind !== "quotedName")
    throw reader.problem("a property or a value is expected here");
  if (token.kind === "word" && KEYWORDS.has(token.text.toUpperCase())) {
    throw reader.problem(
      `the keyword ${token.text.toUpperCase()} cannot stand here; write [${token.text}] for a property`,
    );
  }
  reader.take();
  const after = reader.peek();
  if (after.kind === "symbol" && after.text === "(") throw reader.problem("functions are not supported");
  return { name: token.text, property: () => ({ kind: "user", name: token.text.toLowerCase() }) };
}

const KEYWORDS = new Set(["AND", "OR", "NOT", "IN", "IS", "LIKE", "ESCAPE", "EXISTS", "NULL", "TRUE", "FALSE"]);

/** Service Bus answers an unknown system property with an error for every message, so it is refused here. */
function systemField(reader: TokenReader, name: string, at: number): SystemField {
  const field = SYSTEM_FIELDS.get(name.toLowerCase());
  if (field !== undefined) return field;
  const known = "sys.MessageId, sys.CorrelationId, sys.Label (the subject), sys.ContentType and sys.To";
  throw new InvalidSqlFilterError(reader.expression, at, `sys.${name} is not known here, only ${known}`);
}

const SYSTEM_FIELDS: ReadonlyMap<string, SystemField> = new Map([
  ["messageid", "messageId"],
  ["correlationid", "correlationId"],
  ["label", "subject"],
  ["contenttype", "contentType"],
  ["to", "to"],
]);
