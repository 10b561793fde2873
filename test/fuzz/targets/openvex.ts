import { InvalidMessageError } from "../../../shared/messages/invalid-message-error.ts";
import { parseVexDocument } from "../../../shared/messages/openvex.ts";
import { vexDocuments } from "../corpus/exemptions.ts";
import { jsonOf } from "../corpus/fixtures.ts";
import { endingOf, type FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "OpenVEX documents",
  format: "json",
  tokens: ["pkg:oci/", "pkg:deb/debian/", "?repository_url=", "%2F", "@sha256:", "not_affected"],
  open: async () => ({
    corpus: vexDocuments,
    run: (input) => endingOf(() => JSON.stringify(parseVexDocument(jsonOf(input)?.value)), [InvalidMessageError]),
  }),
};
