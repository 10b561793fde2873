import { expect, it } from "vitest";

import type { Alert } from "../../shared/domain/alert.ts";
import { imageId } from "../../shared/domain/image-record.ts";
import { formatAlertEvent } from "../../shared/messages/alert-event.ts";
import type { AlertLog } from "../../shared/ports/alert-log.ts";
import type { AlertEvent } from "../../shared/ports/alert-topic.ts";
import { aDatabase, aFindingsChangedAlert, anImage } from "../support/samples.ts";

/** @param open gives an empty log for one test */
export function alertLogContract(open: () => Promise<AlertLog>): void {
  it("gives alerts back byte for byte as they were published, in that order", async () => {
    const log = await open();
    const alerts = ["b", "a", "c"].map((id) => aFindingsChangedAlert({ id }));

    for (const alert of alerts) await log.add([alert].map(told), at(0));

    const { items } = await log.list({}, { limit: 10 });
    expect(items).toEqual(alerts.map((alert) => ({ publishedAt: at(0), event: formatAlertEvent(alert) })));
  });

  it("keeps an alert that is published a second time where it was", async () => {
    const log = await open();
    const [first, second] = [aFindingsChangedAlert({ id: "1" }), aFindingsChangedAlert({ id: "2" })];

    await log.add([first, second].map(told), at(0));
    await log.add([first].map(told), at(1));

    const { items } = await log.list({}, { limit: 10 });
    expect(items.map(({ publishedAt }) => publishedAt)).toEqual([at(0), at(0)]);
  });

  it("takes alerts that are about no image, and finds alerts by image, kind and time", async () => {
    const log = await open();
    const image = anImage({ repository: "shop/other" });
    const stale: Alert = {
      kind: "database.stale",
      id: "stale",
      occurredAt: at(0),
      database: aDatabase,
      ageHours: 200,
      limitHours: 100,
    };
    await log.add([aFindingsChangedAlert({ id: "1" })].map(told), at(0));
    await log.add([stale].map(told), at(1));
    await log.add([aFindingsChangedAlert({ id: "2", image })].map(told), at(2));

    const ids = async (filter: Parameters<AlertLog["list"]>[0]) =>
      (await log.list(filter, { limit: 10 })).items.map(({ event }) => /"id":"(\w+)"/.exec(event)?.[1]);

    expect(await ids({})).toEqual(["1", "stale", "2"]);
    expect(await ids({ kind: "database.stale" })).toEqual(["stale"]);
    expect(await ids({ image: imageId(image) })).toEqual(["2"]);
    expect(await ids({ since: at(1) })).toEqual(["stale", "2"]);
    expect(await ids({ since: at(1), kind: "findings.changed" })).toEqual(["2"]);
  });

  it("goes on after the last one shown, also when that has been removed and others were added", async () => {
    const log = await open();
    for (const index of [0, 1, 2])
      await log.add([aFindingsChangedAlert({ id: index.toString() })].map(told), at(index));

    const first = await log.list({}, { limit: 2 });
    await log.removeOlder(at(2), 10);
    await log.add([aFindingsChangedAlert({ id: "3" })].map(told), at(3));
    const second = await log.list({}, { limit: 2, cursor: first.next });

    expect(second.items.map(({ publishedAt }) => publishedAt)).toEqual([at(2), at(3)]);
    expect(second.next).toBeUndefined();
  });

  it("removes the oldest before an instant, as many as it may", async () => {
    const log = await open();
    for (const index of [0, 1, 2, 3])
      await log.add([aFindingsChangedAlert({ id: index.toString() })].map(told), at(index));

    const removed = [await log.removeOlder(at(3), 2), await log.removeOlder(at(3), 2), await log.removeOlder(at(3), 2)];

    expect(removed).toEqual([2, 1, 0]);
  });
}

function told(alert: Alert): AlertEvent {
  return { alert, event: formatAlertEvent(alert) };
}

function at(minutes: number): Date {
  return new Date(Date.UTC(2026, 10, 21, 12, minutes));
}
