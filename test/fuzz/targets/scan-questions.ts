import { parseScanQuestion } from "../../../shared/messages/api-requests.ts";
import { InvalidMessageError, parseJson } from "../../../shared/messages/invalid-message-error.ts";
import { Digest, RegistryHost, Repository, Tag } from "../../../shared/messages/reference-schema.ts";
import { aDigest } from "../../support/samples.ts";
import { endingOf, type FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "bodies of POST /api/scans",
  format: "json",
  tokens: ["/", ":", "@", "@sha256:"],
  open: async () => ({
    corpus: [
      JSON.stringify({ image: "shop.azurecr.io/team/web:1.0" }),
      JSON.stringify({ image: `localhost:5000/team/web@${aDigest()}` }),
      JSON.stringify({ image: `shop.azurecr.io/team/web:1.0@${aDigest()}` }),
    ],
    run: (input) =>
      endingOf(() => {
        const { registry, repository, tag, digest } = parseScanQuestion(
          parseJson(Buffer.from(input).toString(), "request body"),
        );
        RegistryHost.parse(registry);
        Repository.parse(repository);
        Tag.optional().parse(tag);
        Digest.optional().parse(digest);
      }, [InvalidMessageError]),
  }),
};
