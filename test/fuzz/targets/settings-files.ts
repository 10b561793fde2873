import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidSettingsError, readSettings } from "../../../shared/hosts/settings/read-settings.ts";
import { endingOf, type FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "tidewatch.yaml",
  format: "yaml",
  tokens: ["&a ", "*a", "<<: *a\n", "!!binary ", "!!js/function ", "---\n", "...\n", "%YAML 1.1\n", "? ", "|\n ", "\t"],
  open: async () => {
    const directory = await mkdtemp(join(tmpdir(), "tidewatch-fuzz-"));
    const file = join(directory, "tidewatch.yaml");
    const example = await readFile(new URL("../../../tidewatch.example.yaml", import.meta.url), "utf8");
    return {
      corpus: [example, uncommented(example), ...written],
      run: async (input) => {
        await writeFile(file, input);
        return endingOf(() => JSON.stringify(readSettings({ file, environment: {} })), [InvalidSettingsError]);
      },
      close: () => rm(directory, { recursive: true, force: true }),
    };
  },
};

/** With every setting that the example shows turned off. */
function uncommented(example: string): string {
  return example
    .replaceAll(/^( *)#(?! )/gm, "$1")
    .replaceAll(/^( +)#- /gm, "$1- ")
    .replaceAll(/^#(?= {2}[\w -])/gm, "")
    .replaceAll(/^( +)# {2}(?=\w+: )/gm, "$1  ");
}

const written = [
  JSON.stringify({ registries: [{ host: "shop.azurecr.io", username: "a", password: "b" }], listen: { port: 0 } }),
  "registries: &all\n  - &one { host: a.example, tags: &globs { include: ['**'], exclude: [pr-*] } }\n  - { <<: *one, host: b.example, repositories: *globs }\nwebhooks: []\n",
  "registries: [{ host: a.example }]\nwebhooks:\n  - id: desk\n    url: https://desk.example/x?y=1\n    secret: whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n    kinds: [findings.changed]\n",
];
