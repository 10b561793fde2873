import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, stop, type Plugin } from "esbuild";

export interface BundleOptions {
  /** Of the project. */
  readonly root: string;
  readonly file: string;
  /** Becomes the first line, as a comment. */
  readonly key: string;
}

/** Writes the host and all that it imports as one file; whole or not at all, since another start may do the same. */
export async function writeBundle({ root, file, key }: BundleOptions): Promise<void> {
  const tooLong = setTimeout(() => void stop(), 30_000);
  try {
    const { outputFiles } = await build({
      entryPoints: [join(root, "shared/hosts/embedded/cli/start.ts")],
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node22",
      external: ["@azure/functions-core"],
      banner: { js: `// ${key}\n${requireOfPackages}` },
      plugins: [ownPlaces],
      outfile: file,
      sourcemap: true,
      sourcesContent: false,
      write: false,
      logLevel: "silent",
    });
    await mkdir(dirname(file), { recursive: true });
    for (const { path, text } of outputFiles) await replaceFile(path, path === file ? inAscii(text) : text);
  } finally {
    clearTimeout(tooLong);
    await stop();
  }
}

/** CommonJS packages ask for Node's own modules by it. */
const requireOfPackages =
  'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);';

/** A source file that asks where it is finds what lies beside it, not beside the bundle. */
const ownPlaces: Plugin = {
  name: "own-places",
  setup: (bundling) =>
    bundling.onLoad({ filter: /[\\/]shared[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      return { loader: "ts", contents: source.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)) };
    }),
};

/** Comments of packages, the only place where esbuild leaves other characters, would double what the text takes in memory. */
function inAscii(text: string): string {
  return text.replace(/^ *\/\/.*$/gm, (comment) => comment.replace(/\P{ASCII}/gu, "?"));
}

async function replaceFile(file: string, content: string): Promise<void> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, content);
  await rename(draft, file);
}
