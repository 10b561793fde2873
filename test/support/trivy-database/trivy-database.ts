import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { blob, json, type Manifest } from "../images/descriptor.ts";
import { layer } from "../images/layer.ts";
import { push, type PushedManifest } from "../images/push.ts";
import type { RegistryOptions } from "../images/registry-request.ts";

/** One of the two databases that Trivy downloads: the advisories, or the jars known by their SHA-1. */
export interface TrivyDatabase {
  readonly kind: "vulnerability" | "java";
  readonly content: Buffer;
  readonly updatedAt: Date;
  /** Until then Trivy does not look for a newer one by itself. */
  readonly nextUpdate: Date;
}

const FORMATS = {
  vulnerability: {
    version: 2,
    fileName: "trivy.db",
    cacheFolder: "db",
    archiveName: "db.tar.gz",
    mediaType: "application/vnd.aquasec.trivy.db.layer.v1.tar+gzip",
  },
  java: {
    version: 1,
    fileName: "trivy-java.db",
    cacheFolder: "java-db",
    archiveName: "javadb.tar.gz",
    mediaType: "application/vnd.aquasec.trivy.javadb.layer.v1.tar+gzip",
  },
} as const;

export interface PublishOptions extends RegistryOptions {
  /** The schema's version when not given, as at the official repositories: 2 and, for Java, 1. */
  readonly tag?: string;
}

export interface PublishedDatabase extends PushedManifest {
  /** What to give to `--db-repository` or `--java-db-repository`: `127.0.0.1:5000/trivy-db:2`. */
  readonly reference: string;
}

/** Moves the tag, so that whoever asks for it next gets this database; earlier ones stay, under their digests. */
export async function publishDatabase(
  registryUrl: string,
  repository: string,
  database: TrivyDatabase,
  { tag = FORMATS[database.kind].version.toString(), ...options }: PublishOptions = {},
): Promise<PublishedDatabase> {
  const pushed = await push(registryUrl, repository, await databaseArtifact(database), { ...options, tags: [tag] });
  return { ...pushed, reference: `${new URL(registryUrl).host}/${repository}:${tag}` };
}

/** The OCI artifact of a database. The same database gives the same digest. */
export async function databaseArtifact(database: TrivyDatabase): Promise<Manifest> {
  const { archiveName, mediaType, fileName } = FORMATS[database.kind];
  const archive = await layer(
    [
      { path: fileName, content: database.content },
      { path: "metadata.json", content: metadata(database, NEVER) },
    ],
    "oras push",
  );
  const config = blob("application/vnd.aquasec.trivy.config.v1+json", json({}));
  const files = blob(mediaType, archive.content, { "org.opencontainers.image.title": archiveName });
  const manifestType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = {
    schemaVersion: 2,
    mediaType: manifestType,
    config: config.descriptor,
    layers: [files.descriptor],
    annotations: { "org.opencontainers.image.created": database.updatedAt.toISOString() },
  };
  return { ...blob(manifestType, json(manifest)), blobs: [config, files], manifests: [] };
}

/**
 * Puts the database where `trivy --cache-dir` finds it, as if downloaded at {@link downloadedAt}. A Trivy that has opened
 * an earlier one there goes on with that.
 */
export async function installDatabase(
  cacheDirectory: string,
  database: TrivyDatabase,
  downloadedAt = database.updatedAt,
): Promise<void> {
  const { cacheFolder, fileName } = FORMATS[database.kind];
  const folder = join(cacheDirectory, cacheFolder);
  await mkdir(folder, { recursive: true });
  // Trivy maps the file into memory: written over in place, it would kill a running scan by SIGBUS.
  await writeFile(join(folder, `${fileName}.new`), database.content);
  await rename(join(folder, `${fileName}.new`), join(folder, fileName));
  await writeFile(join(folder, "metadata.json"), metadata(database, downloadedAt.toISOString()));
}

/** The zero time of Go, which trivy-db publishes: Trivy fills it in. */
const NEVER = "0001-01-01T00:00:00Z";

function metadata({ kind, updatedAt, nextUpdate }: TrivyDatabase, downloadedAt: string): string {
  return JSON.stringify({
    Version: FORMATS[kind].version,
    NextUpdate: nextUpdate.toISOString(),
    UpdatedAt: updatedAt.toISOString(),
    DownloadedAt: downloadedAt,
  });
}
