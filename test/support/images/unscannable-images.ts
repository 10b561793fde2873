import { encryptedLayer } from "./encrypted-layer.ts";
import { image, type Image } from "./image.ts";
import { layer } from "./layer.ts";
import { apkFiles } from "./packages/apk.ts";
import { npmFiles } from "./packages/npm.ts";

// Images of which a scanner cannot say that they have no vulnerability.

export async function windowsImage(): Promise<Image> {
  const base = await layer(
    [{ path: "Files/Windows/System32/license.rtf", content: "{\\rtf1}" }],
    "Apply image 10.0.20348.2762",
  );
  const app = await layer(npmFiles([{ name: "lodash", version: "4.17.20" }], "Files/app"), "cmd /S /C npm ci");
  return image({
    platform: { os: "windows", architecture: "amd64", osVersion: "10.0.20348.2762" },
    steps: [base, app],
  });
}

export async function encryptedImage(): Promise<Image> {
  const secret = await encryptedLayer([{ path: "app/server", content: "not for everyone" }], "COPY server /app/server");
  return image({ steps: [secret] });
}

/** Alpine 3.12, without security updates since 2022-05-01. */
export async function endOfLifeImage(): Promise<Image> {
  const packages = [{ name: "musl", version: "1.1.24-r10" }];
  return image({ steps: [await layer(apkFiles(packages, { release: "3.12.12" }), "ADD file:… in /")] });
}

/** No layer at all: a config that could be anything. */
export function emptyImage(): Image {
  return image({ steps: ['LABEL purpose="none"'] });
}
