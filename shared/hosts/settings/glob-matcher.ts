import picomatch from "picomatch";
import type { GlobMatcher } from "../../domain/exemption-scope.ts";

/** Globs of repositories as the settings read them: `**` crosses slashes, `*` does not. */
export const globMatcher: GlobMatcher = (glob) => {
  const matches = picomatch(glob, { dot: true });
  return (text) => matches(text);
};
