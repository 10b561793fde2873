import { describe, expect, it } from "vitest";
import type { Exemption } from "../../shared/domain/exemption.ts";
import { currentExemptions } from "../../shared/use-cases/current-exemptions.ts";
import { aDigest, anImage, anImageRecord, aScanSummary } from "../support/samples.ts";
import { problem } from "./problem-answer.ts";
import { startApi, type Api } from "./start-api.ts";

const body = { vulnerability: "CVE-2026-1", owner: "team", reason: "Not used by us.", until: "2099-12-31" };

describe("/api/exemptions", () => {
  it("makes, shows, changes and removes one", async () => {
    const api = await startApi();

    const created = await put(api, "one", body);
    const updated = await put(api, "one", { ...body, owner: "others" });
    const read = await api.call("/api/exemptions/one");
    const list = await api.call("/api/exemptions");
    const removed = await api.call("/api/exemptions/one", { method: "DELETE" });
    const gone = await api.call("/api/exemptions/one");

    expect([created.status, updated.status, removed.status, gone.status]).toEqual([201, 200, 204, 404]);
    expect(read.headers.get("etag")).toBe(updated.headers.get("etag"));
    const shown = { id: "one", vulnerability: "CVE-2026-1", owner: "others", source: "api", inForce: true };
    expect(await read.json()).toMatchObject({ ...shown, until: "2100-01-01T00:00:00.000Z" });
    expect(await list.json()).toMatchObject({ items: [shown] });
  });

  it("does not overwrite what somebody else has changed since it was read", async () => {
    const api = await startApi();
    const { exemptionStore } = api.workshop.parts;
    await put(api, "one", body);
    const [read] = await exemptionStore.list();
    await put(api, "one", { ...body, owner: "others" });

    const late = read && (await exemptionStore.put(read.value, read.etag));
    const removed = await exemptionStore.remove("one", read?.etag ?? '""');

    expect([late?.kind, removed]).toEqual(["conflict", false]);
    expect((await exemptionStore.list()).map(({ value }) => value.exemption.owner)).toEqual(["others"]);
  });

  it.each([
    ["one", { owner: "team", reason: "Not used by us." }, /name at least one of vulnerability/],
    ["one", { ...body, until: "soon" }, /until: expected a day such as/],
    ["one", { ...body, ownr: "x" }, /there is no ownr/],
    ["One", body, /lower case letters/],
  ])("refuses %s %j and says why", async (id, wrong, why) => {
    const api = await startApi();

    expect(await problem(await put(api, id, wrong))).toEqual([400, "Bad Request", expect.stringMatching(why)]);
  });

  it("leaves what is in a file to the file, and shows what is wrong with files", async () => {
    const filed: Exemption = { id: "one", scope: { package: "curl" }, owner: "team", reason: "long", source: "file" };
    const now = { exemptions: [filed], problems: ["a.yaml:3: it is not YAML"] };
    const files = { current: async () => now };
    const store = { list: async () => none, put: fail, remove: fail, replaceDocument: fail };
    const exemptions = currentExemptions({ files, store, globs: () => () => true });
    const api = await startApi({ exemptionFiles: files, exemptionStore: store, exemptions });

    const answers = [await put(api, "one", body), await api.call("/api/exemptions/one", { method: "DELETE" })];
    const list = await api.call("/api/exemptions");

    for (const answer of answers)
      expect(await problem(answer)).toEqual([409, "Conflict", expect.stringContaining("in a reviewed file")]);
    expect(await list.json()).toMatchObject({ items: [{ id: "one", source: "file" }], problems: now.problems });
  });
});

it("POST /api/vex takes the place of what the same document said, and GET …/vex writes one", async () => {
  const api = await startApi();
  const image = anImage({ digest: aDigest("web") });
  await api.save(anImageRecord({ image, scan: aScanSummary({ image }) }), []);
  const vex = (name: string) => ({
    "@context": "https://openvex.dev/ns/v0.2.0",
    "@id": "https://supplier.example/1",
    author: "Supplier",
    timestamp: "2026-01-01T00:00:00Z",
    statements: [
      {
        vulnerability: { name },
        products: [{ "@id": "pkg:deb/debian/curl" }],
        status: "not_affected",
        impact_statement: "No.",
      },
      { vulnerability: { name }, products: [{ "@id": "pkg:deb/debian/bash" }], status: "under_investigation" },
    ],
  });

  const first = await api.call("/api/vex", { method: "POST", body: JSON.stringify(vex("CVE-2026-1")) });
  await api.call("/api/vex", { method: "POST", body: JSON.stringify(vex("CVE-2026-2")) });
  const list = await api.call("/api/exemptions");
  const refused = await api.call("/api/vex", { method: "POST", body: "{}" });
  const written = await api.call(`/api/images/${anImageRecord({ image }).id}/vex`);

  expect(await first.json()).toMatchObject({ ignored: [{ statement: 1, why: "Its status is under_investigation." }] });
  expect(await list.json()).toMatchObject({ items: [{ vulnerability: "CVE-2026-2", source: "vex" }] });
  expect(await problem(refused)).toEqual([400, "Bad Request", expect.stringContaining("@context")]);
  expect(await written.json()).toMatchObject({ author: "Tidewatch", statements: [] });
});

const none: readonly never[] = [];

const fail = async (): Promise<never> => {
  throw new Error("not to be written");
};

function put(api: Api, id: string, exemption: object): Promise<Response> {
  return api.call(`/api/exemptions/${id}`, { method: "PUT", body: JSON.stringify(exemption) });
}
