import { createHash } from "node:crypto";
import { strToU8, zipSync } from "fflate";
import type { FileEntry } from "../layer.ts";

export interface JarArtifact {
  readonly groupId: string;
  readonly artifactId: string;
  readonly version: string;
}

export interface JarOptions {
  /** In the image; `app/lib/<artifactId>-<version>.jar` when not given. */
  readonly path?: string;
  /** False for a jar that tells nothing about itself, so that only its SHA-1 identifies it. True when not given. */
  readonly pomProperties?: boolean;
}

export interface Jar {
  readonly file: FileEntry;
  /** 40 hexadecimal digits: the key of Trivy's Java database. */
  readonly sha1: string;
}

export function jar({ groupId, artifactId, version }: JarArtifact, options: JarOptions = {}): Jar {
  const { path = `app/lib/${artifactId}-${version}.jar`, pomProperties = true } = options;
  const content = zipSync(
    {
      "META-INF/MANIFEST.MF": strToU8("Manifest-Version: 1.0\r\nCreated-By: Maven JAR Plugin 3.3.0\r\n"),
      // No class that runs, only bytes that no other artifact has.
      "Main.class": strToU8(`\xca\xfe\xba\xbe ${groupId}:${artifactId}:${version}`, true),
      ...(pomProperties && {
        [`META-INF/maven/${groupId}/${artifactId}/pom.properties`]: strToU8(
          `artifactId=${artifactId}\ngroupId=${groupId}\nversion=${version}\n`,
        ),
      }),
    },
    { mtime: FIXED_TIME },
  );
  return {
    file: { path, content },
    sha1: createHash("sha1").update(content).digest("hex"),
  };
}

/** Without a zone, because a zip keeps local time: the SHA-1 is to be the same everywhere. */
const FIXED_TIME = "2026-01-05T08:00:00";
