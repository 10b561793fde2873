import { appendFileSync, existsSync, readFileSync } from "node:fs";

export interface BuiltPackages {
  /** Lines of `go build -v` that are no package are ignored. */
  readonly add: (line: string) => void;
  readonly size: () => number;
}

/**
 * Counts on where an interrupted build stopped: `go build -v` names only the packages that it compiles, not those that
 * it finds in the build cache.
 */
export function builtPackages(file: string): BuiltPackages {
  const built = new Set(existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(isPackage) : []);
  return {
    add: (line) => {
      if (!isPackage(line) || built.has(line)) return;
      built.add(line);
      appendFileSync(file, `${line}\n`);
    },
    size: () => built.size,
  };
}

const isPackage = (line: string): boolean => /^[\w.~/-]+$/.test(line);
