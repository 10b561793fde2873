import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build, type Plugin } from "esbuild";
import { ordersEnvironment } from "./preload-orders.ts";

/** One place of the code to be changed. */
export interface SourceEdit {
  /** The end of the module's path. */
  readonly module: string;
  /** Has to be there exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** What every life of a run starts. */
export interface Program {
  readonly file: string;
  /** Directory of compiled code. */
  readonly compiled: string;
}

/**
 * The program behind `npm start` as one file, as that makes it, too: a life is to end soon after it began, so its start
 * has to be short. Before it runs programs/preload.ts. Rejects when an edit does not fit: a guard that is taken out in
 * vain would make a control test prove nothing.
 */
export async function buildProgram(directory: string, edits: readonly SourceEdit[]): Promise<Program> {
  const file = join(directory, "tidewatch.mjs");
  const compiled = join(directory, "compiled");
  const left = new Set([...timeAndDisk, ...edits]);
  const imported = ["test/chaos/programs/preload.ts", "shared/hosts/embedded/cli/start.ts"].map(
    (path) => `import ${JSON.stringify(join(root, path))};`,
  );
  await build({
    stdin: { contents: imported.join("\n"), resolveDir: root },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    external: ["@azure/functions-core"],
    banner: {
      js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);',
    },
    plugins: [editing(left)],
    outfile: file,
    logLevel: "silent",
  });
  if (left.size > 0) throw new Error(`No such module: ${[...left].map(({ module }) => module).join(", ")}`);
  // A process that is killed does not keep what it has compiled.
  const environment = ordersEnvironment({ clockAheadMs: 0, diskFull: false });
  await promisify(execFile)(process.execPath, [file, "--help"], {
    env: { ...environment, NODE_COMPILE_CACHE: compiled },
    timeout: 30_000,
  });
  return { file, compiled };
}

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** What is edited is taken out of the set. Each file also still finds what lies beside it. */
function editing(left: Set<SourceEdit>): Plugin {
  return {
    name: "edits",
    setup: (bundling) =>
      bundling.onLoad({ filter: /[\\/](?:shared|functions)[\\/].*\.ts$/ }, async ({ path }) => {
        const source = await readFile(path, "utf8");
        const place = JSON.stringify(pathToFileURL(path).href);
        let contents = source.replaceAll("import.meta.url", place);
        for (const edit of [...left].filter(({ module }) => path.endsWith(`/${module}`))) {
          contents = edited(contents, edit);
          left.delete(edit);
        }
        return { loader: "ts", contents };
      }),
  };
}

function edited(text: string, { module, find, replace }: SourceEdit): string {
  if (text.split(find).length === 2) return text.replace(find, () => replace);
  throw new Error(`An edit of ${module} does not fit: this is not there exactly once:\n${find}`);
}

const aheadOfNow = 'new Date(Date.now() + Number(process.env["CHAOS_CLOCK_AHEAD_MS"]))';

/** What was written a moment ago must not look as if it had lain there for days. */
const timeAndDisk: readonly SourceEdit[] = [
  { module: "shared/ports/clock.ts", find: "now: () => new Date(),", replace: `now: () => ${aheadOfNow},` },
  ...["image-findings.ts", "image-history.ts"].map((file) => ({
    module: `shared/adapters/sqlite/image-store/${file}`,
    find: "new Date().toISOString()",
    replace: `${aheadOfNow}.toISOString()`,
  })),
  {
    module: "shared/adapters/files/file-blob-store.ts",
    find: "await sync(file);",
    replace: `await (await import("node:fs/promises")).utimes(file, ${aheadOfNow}, ${aheadOfNow});
      await sync(file);`,
  },
  {
    // SQLite then says what it says when the disk is full, at the same places (SQLITE_FULL).
    module: "shared/adapters/sqlite/open-database.ts",
    find: 'PRAGMA fullfsync = ON");\n',
    replace: `PRAGMA fullfsync = ON");
  const used = Number(Object.values(connection.prepare("PRAGMA page_count").get() ?? {})[0]);
  connection.exec("PRAGMA max_page_count = " + (used + Number(process.env["CHAOS_SPARE_PAGES"])).toString());
`,
  },
];
