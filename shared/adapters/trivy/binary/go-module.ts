import { access, readFile } from "node:fs/promises";
import { join } from "node:path";

export const trivyPackage = "github.com/aquasecurity/trivy/cmd/trivy";

export interface GoModule {
  /** The least Go that may build it, as in "1.26.3". */
  readonly goVersion: string;
  /** Every module whose content go.sum pins. */
  readonly modules: readonly ModuleVersion[];
}

export interface ModuleVersion {
  readonly path: string;
  readonly version: string;
}

/** Undefined when the directory does not hold both files, as in a deployed bundle. */
export async function readGoModule(directory: string): Promise<GoModule | undefined> {
  try {
    const [mod, sum] = await Promise.all(["go.mod", "go.sum"].map((name) => readFile(join(directory, name), "utf8")));
    return parseGoModule(mod ?? "", sum ?? "");
  } catch {
    return undefined;
  }
}

export async function modulesNotIn(moduleCache: string, { modules }: GoModule): Promise<readonly ModuleVersion[]> {
  const present = await Promise.all(modules.map((module) => isIn(moduleCache, module)));
  return modules.filter((_, index) => !present[index]);
}

function parseGoModule(mod: string, sum: string): GoModule | undefined {
  const goVersion = /^go (\d+\.\d+(?:\.\d+)?)/m.exec(mod)?.[1];
  if (goVersion === undefined) return undefined;
  // A line of go.sum: path version h1:…  The version ends in /go.mod where only that file is pinned.
  const lines = [...sum.matchAll(/^(\S+) (\S+) h1:/gm)].map(([, path = "", version = ""]) => ({ path, version }));
  return { goVersion, modules: lines.filter(({ version }) => !version.endsWith("/go.mod")) };
}

async function isIn(moduleCache: string, { path, version }: ModuleVersion): Promise<boolean> {
  try {
    await access(join(moduleCache, "cache", "download", escape(path), "@v", `${escape(version)}.zip`));
    return true;
  } catch {
    return false;
  }
}

/** File names of the module cache have no capitals: github.com/Azure becomes github.com/!azure. */
const escape = (text: string): string => text.replace(/[A-Z]/g, (letter) => `!${letter.toLowerCase()}`);
