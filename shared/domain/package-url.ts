/** The parts of a package URL, decoded: https://github.com/package-url/purl-spec. What lies below the package is left out. */
export interface PackageUrl {
  /** deb, npm, oci, … */
  readonly type: string;
  /** Namespace and name. */
  readonly path: string;
  readonly name: string;
  readonly version?: string | undefined;
  readonly qualifiers: ReadonlyMap<string, string>;
}

/** Undefined when it is none. */
export function parsePackageUrl(text: string): PackageUrl | undefined {
  const [, type, rest, query] = /^pkg:\/{0,2}([a-z][a-z0-9.+-]*)\/([^?#]+)(?:\?([^#]*))?(?:#.*)?$/i.exec(text) ?? [];
  if (type === undefined || rest === undefined) return undefined;
  // A scope may begin with "@", though it should be written "%40": only one behind the last slash begins the version.
  const at = rest.lastIndexOf("@");
  const hasVersion = at > rest.lastIndexOf("/") + 1;
  const path = decoded(hasVersion ? rest.slice(0, at) : rest)?.replace(/^\/+|\/+$/g, "");
  const version = hasVersion ? decoded(rest.slice(at + 1)) : undefined;
  const qualifiers = query === undefined ? new Map<string, string>() : parseQualifiers(query);
  if (path === undefined || path === "" || qualifiers === undefined || (hasVersion && version === undefined))
    return undefined;
  const name = path.slice(path.lastIndexOf("/") + 1);
  return { type: type.toLowerCase(), path, name, version, qualifiers };
}

/** Whether it is the same package, and has the version and the qualifiers of `scope` as far as that names any. */
export function isWithin(scope: PackageUrl, { type, path, version, qualifiers }: PackageUrl): boolean {
  return (
    scope.type === type &&
    scope.path === path &&
    (scope.version === undefined || scope.version === version) &&
    [...scope.qualifiers].every(([key, value]) => qualifiers.get(key) === value)
  );
}

function parseQualifiers(query: string): ReadonlyMap<string, string> | undefined {
  const qualifiers = new Map<string, string>();
  for (const part of query.split("&")) {
    const [key = "", ...value] = part.split("=");
    const text = decoded(value.join("="));
    if (text === undefined) return undefined;
    // An empty one says as much as none.
    if (text !== "") qualifiers.set(key.toLowerCase(), text);
  }
  return qualifiers;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
