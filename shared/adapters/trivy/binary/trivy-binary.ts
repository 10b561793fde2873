export interface TrivyBinary {
  /** Absolute. */
  readonly path: string;
  readonly version: string;
  readonly origin: TrivyOrigin;
}

/** Where it came from in the first place: a cached release archive stays a `release`. */
export type TrivyOrigin = "TRIVY_PATH" | "PATH" | "release" | "goBuild";

export function describeOrigin(origin: TrivyOrigin): string {
  switch (origin) {
    case "TRIVY_PATH":
      return "set by TRIVY_PATH";
    case "PATH":
      return "found on PATH";
    case "release":
      return "official release, SHA-256 verified";
    case "goBuild":
      return "built from pinned Go modules";
  }
}
