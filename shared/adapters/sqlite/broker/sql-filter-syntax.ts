/** A condition as parsed. Values of messages are text, numbers and truth values; a missing one is unknown. */
export type Condition =
  | { readonly kind: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | { readonly kind: "not"; readonly operand: Condition }
  | { readonly kind: "compare"; readonly operator: Comparison; readonly left: Operand; readonly right: Operand }
  | { readonly kind: "in"; readonly operand: Operand; readonly options: readonly Operand[] }
  | { readonly kind: "like"; readonly operand: Operand; readonly pattern: string; readonly escape: string | undefined }
  | { readonly kind: "exists"; readonly property: Property };

export type Comparison = "=" | "<>" | "<" | ">" | "<=" | ">=";

export type Operand = Property | { readonly kind: "literal"; readonly value: Value };

export type Property =
  /** Application properties; letter case does not matter in their names. */
  { readonly kind: "user"; readonly name: string } | { readonly kind: "system"; readonly field: SystemField };

export type SystemField = "messageId" | "correlationId" | "subject" | "contentType" | "to";

export type Value = string | number | boolean;
