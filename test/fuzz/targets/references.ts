import {
  formatDatabaseSource,
  InvalidDatabaseSourceError,
  parseDatabaseSource,
} from "../../../shared/adapters/trivy/database/database-source.ts";
import {
  InvalidReferenceError,
  formatImageReference,
  parseImageReference,
} from "../../../shared/domain/image-reference.ts";
import { aDigest } from "../../support/samples.ts";
import { endingOf, type FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "names of images and of database sources",
  format: "text",
  tokens: ["/", ":", "@", "@sha256:", "__", "..", "[::1]", "xn--", "-"],
  open: async () => ({
    corpus: [
      `shop.azurecr.io/team/web@${aDigest()}`,
      `localhost:5000/a/b/c/d@${aDigest()}`,
      "ghcr.io/aquasecurity/trivy-db:2",
      "mcr.microsoft.com/oss/v2/aquasecurity/trivy-java-db:1",
    ],
    run: (input) => {
      const text = Buffer.from(input).toString();
      return endingOf(() => {
        const again = text.includes("@")
          ? formatImageReference(parseImageReference(text))
          : formatDatabaseSource(parseDatabaseSource(text));
        // Registries have no letter case; everything else stays as it was written.
        if (again.toLowerCase() !== text.toLowerCase()) throw new Error(`It became ${again}.`);
      }, [InvalidReferenceError, InvalidDatabaseSourceError]);
    },
  }),
};
