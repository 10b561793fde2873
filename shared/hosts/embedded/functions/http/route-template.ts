/** A route template of ASP.NET Core, as far as Azure Functions' documentation uses them. */
export interface RouteTemplate {
  /** The parameters, decoded, when the path fits. Throws URIError when a value is not valid percent-encoding. */
  readonly match: (segments: readonly string[]) => Readonly<Record<string, string>> | undefined;
  /** One digit per segment; of two templates that fit, the smaller comes first, as in ASP.NET Core. */
  readonly precedence: string;
  /** The same for templates that fit the same paths: letter case and parameter names are gone. */
  readonly shape: string;
}

/** Understands `literal`, `{name}`, `{name:int}`, `{name?}` and `{*rest}`, each filling a whole segment. */
export function parseRouteTemplate(template: string): RouteTemplate {
  const segments = pathSegments(template).map((text) => parseSegment(text, template));
  const early = segments.slice(0, -1).find(({ kind }) => kind === "optional" || kind === "rest");
  if (early !== undefined) throw new RouteTemplateError(template, "only the last segment may be optional or a rest");
  return {
    match: (path) => matchSegments(segments, path),
    precedence: segments.map(({ kind, fits }) => rank[kind] - (fits === anything ? 0 : 1)).join(""),
    shape: segments
      .map(({ kind, name, constraint }) => (kind === "literal" ? name : `{${kind}${constraint}}`))
      .join("/"),
  };
}

export const pathSegments = (path: string): string[] => path.split("/").filter((segment) => segment !== "");

interface Segment {
  readonly kind: "literal" | "parameter" | "optional" | "rest";
  readonly name: string;
  /** With its colon; empty when there is none. */
  readonly constraint: string;
  readonly fits: (value: string) => boolean;
}

const rank = { literal: 2, parameter: 4, optional: 4, rest: 6 };

function parseSegment(text: string, template: string): Segment {
  if (!/[{}]/.test(text)) return { kind: "literal", name: text.toLowerCase(), constraint: "", fits: anything };
  const parts = /^\{(?<star>\*{0,2})(?<name>\w+)(?::(?<constraint>\w+))?(?<optional>\?)?\}$/.exec(text)?.groups;
  if (parts === undefined) throw new RouteTemplateError(template, `${text} is not understood`);
  const { star, name = "", constraint, optional } = parts;
  const fits = constraint === undefined ? anything : constraints[constraint];
  if (fits === undefined) throw new RouteTemplateError(template, `the constraint ${constraint ?? ""} is not offered`);
  return {
    kind: star !== "" ? "rest" : optional !== undefined ? "optional" : "parameter",
    name,
    constraint: constraint === undefined ? "" : `:${constraint}`,
    fits,
  };
}

function matchSegments(
  segments: readonly Segment[],
  path: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, { kind, name, fits }] of segments.entries()) {
    const part = path[index];
    if (kind === "rest") return { ...parameters, [name]: path.slice(index).map(decodeURIComponent).join("/") };
    if (part === undefined) return kind === "optional" ? parameters : undefined;
    const value = decodeURIComponent(part);
    if (kind === "literal" ? value.toLowerCase() !== name : !fits(value)) return undefined;
    if (kind !== "literal") parameters[name] = value;
  }
  return path.length > segments.length ? undefined : parameters;
}

const anything = () => true;

const constraints: Readonly<Partial<Record<string, (value: string) => boolean>>> = {
  int: (value) => /^[+-]?\d{1,10}$/.test(value) && Math.abs(Number(value)) < 2 ** 31,
  long: (value) => /^[+-]?\d{1,19}$/.test(value),
  bool: (value) => /^(true|false)$/i.test(value),
  alpha: (value) => /^[a-z]*$/i.test(value),
  guid: (value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value),
};

export class RouteTemplateError extends Error {
  override name = "RouteTemplateError";

  constructor(template: string, problem: string) {
    super(`The route ${template} cannot be used on the embedded host: ${problem}.`);
  }
}
