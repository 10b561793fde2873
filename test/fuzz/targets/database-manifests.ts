import { parseArchiveBytes } from "../../../shared/adapters/trivy/database/database-manifest.ts";
import { InvalidMessageError } from "../../../shared/messages/invalid-message-error.ts";
import { aDigest } from "../../support/samples.ts";
import { endingOf, type FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "manifests of published vulnerability databases",
  format: "json",
  open: async () => ({
    corpus: [
      JSON.stringify({
        schemaVersion: 2,
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        artifactType: "application/vnd.aquasec.trivy.config.v1+json",
        config: { mediaType: "application/vnd.oci.empty.v1+json", digest: aDigest(), size: 2, data: "e30=" },
        layers: [
          {
            mediaType: "application/vnd.aquasec.trivy.db.layer.v1.tar+gzip",
            digest: aDigest("db"),
            size: 97_210_442,
            annotations: { "org.opencontainers.image.title": "db.tar.gz" },
          },
        ],
        annotations: { "org.opencontainers.image.created": "2026-11-21T06:36:45Z" },
      }),
    ],
    run: (input) =>
      endingOf(() => {
        if (!(parseArchiveBytes(input) >= 0)) throw new Error("The archive has no size.");
      }, [InvalidMessageError]),
  }),
};
