import { parseStoredAlerts } from "../../../shared/messages/stored-alerts.ts";
import { UnreadableDocumentError } from "../../../shared/messages/stored-document.ts";
import { parseStoredFindings } from "../../../shared/messages/stored-findings.ts";
import { parseStoredImage, toStoredImage } from "../../../shared/messages/stored-image.ts";
import { parseStoredOutboxEntry, toStoredOutboxEntry } from "../../../shared/messages/stored-outbox-entry.ts";
import { aFinding, aFindingsChangedAlert, anAlertEntry, anImageRecord, anSbomEntry } from "../../support/samples.ts";
import { jsonOf } from "../corpus/fixtures.ts";
import { writtenValue } from "../corpus/written-value.ts";
import { endingOf, type Ending, type FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "documents of the store: images, findings, alerts, outbox entries",
  format: "json",
  open: async () => ({
    corpus: [
      JSON.stringify(toStoredImage(anImageRecord())),
      JSON.stringify(toStoredImage(anImageRecord({ state: { kind: "gone", since: new Date(0) } }))),
      JSON.stringify({ schema: 1, findings: [aFinding()] }),
      JSON.stringify({ schema: 1, alerts: [aFindingsChangedAlert()] }),
      JSON.stringify(toStoredOutboxEntry(anAlertEntry())),
      JSON.stringify(toStoredOutboxEntry(anSbomEntry())),
    ],
    run: async (input) => {
      const value = jsonOf(input)?.value;
      const endings: Ending[] = [];
      for (const parse of parsers) endings.push(await endingOf(() => parse(value), [UnreadableDocumentError]));
      const refused = endings.filter(({ kind }) => kind === "refused");
      return refused.length < endings.length ? { kind: "accepted" } : (refused[0] ?? { kind: "accepted" });
    },
  }),
};

const parsers: readonly ((value: unknown) => unknown)[] = [
  (value) => JSON.stringify(toStoredImage(parseStoredImage(value))),
  (value) => JSON.stringify(parseStoredFindings(value)),
  (value) => JSON.stringify(parseStoredAlerts(Buffer.from(writtenValue([value]).slice(1, -1)))),
  (value) => JSON.stringify(parseStoredOutboxEntry(value)),
];
