import { toStored } from "../../../shared/messages/stored-document.ts";
import {
  chunkTransitions,
  parseStoredHistoryEntry,
  parseStoredTransitions,
  toStoredHistoryEntry,
} from "../../../shared/messages/stored-history.ts";
import { aFinding, aHistoryEntry } from "../../support/samples.ts";
import { storedTarget } from "../stored-target.ts";

const exemption = { id: "one", since: new Date(0), until: new Date(1) };

export const target = storedTarget("documents of the store: what became different for images", [
  {
    samples: [
      toStoredHistoryEntry(aHistoryEntry()),
      toStoredHistoryEntry(aHistoryEntry({ cause: { kind: "exemptions" }, changes: { exempted: 2 }, exempted: 2 })),
    ],
    comeBack: (document) => toStoredHistoryEntry(parseStoredHistoryEntry(document)),
  },
  {
    samples: [
      ...chunkTransitions("entry", [
        { kind: "severityRaised", finding: aFinding(), previousSeverity: "low" },
        { kind: "exempted", finding: aFinding(), exemption },
      ]),
    ].map((chunk): unknown => JSON.parse(chunk.document)),
    comeBack: (document) => {
      const chunks = [...chunkTransitions("entry", parseStoredTransitions(document))];
      return toStored({ changes: chunks.flatMap((chunk) => parseStoredTransitions(JSON.parse(chunk.document))) });
    },
  },
]);
