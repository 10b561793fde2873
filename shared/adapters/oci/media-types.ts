/** Everything that may stand behind a manifest digest. A registry converts or refuses what we do not name here. */
export const MANIFEST_ACCEPT = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.oci.artifact.manifest.v1+json",
  "application/vnd.cncf.oras.artifact.manifest.v1+json",
].join(", ");

export const INDEX_ACCEPT = "application/vnd.oci.image.index.v1+json";

export const JSON_ACCEPT = "application/json";

export const ANY_ACCEPT = "*/*";
