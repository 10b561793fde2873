import { aDigest } from "../../support/samples.ts";
import type { FunctionsWorld } from "../world/functions-world.ts";
import { vexDocuments } from "./exemptions.ts";
import { recordings } from "./fixtures.ts";
import { knownImage } from "./known-image.ts";
import { writtenValue } from "./written-value.ts";

export interface HttpRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Stands for what is different each time, so that a seed makes the same inputs again; the host is as long as the real one. */
const placeholders = {
  default: "DEFAULT-KEY",
  master: "MASTER-KEY",
  eventgrid_extension: "WEBHOOK-KEY",
  registry: "REGISTRY-HOST.0",
} as const;

export function withoutPlaceholders(text: string, { keys, workshop }: FunctionsWorld): string {
  return text
    .replaceAll(placeholders.default, keys.default)
    .replaceAll(placeholders.master, keys.master)
    .replaceAll(placeholders.eventgrid_extension, keys.eventgrid_extension)
    .replaceAll(placeholders.registry, workshop.registry.host);
}

/** One request of every kind that is sent to Tidewatch, with keys that open what is asked for. */
export function httpRequests(): readonly HttpRequest[] {
  const keys = placeholders;
  const json = { "content-type": "application/json" };
  const key = { "x-functions-key": keys.default };
  const get = (target: string): HttpRequest => ({ method: "GET", target, headers: key, body: "" });
  const send =
    (method: string) =>
    (target: string, body: unknown, headers: Record<string, string> = { ...key, ...json }) =>
      ({ method, target, headers, body }) satisfies HttpRequest;
  const [post, put, remove] = [send("POST"), send("PUT"), send("DELETE")];
  const image = `/api/images/${knownImage.id}`;
  const letter = `/api/dead-letters/${"0".repeat(32)}`;
  const exemption = { vulnerability: "CVE-2026-1", owner: "team", reason: "Not used by us.", until: "2099-12-31" };
  const webhook = `/runtime/webhooks/eventgrid?functionName=receiveRegistryEvent&code=${keys.eventgrid_extension}`;
  const events = recordings("acr-events", "event").map((event): unknown => JSON.parse(event));
  return [
    get("/api/health"),
    get("/api/images?limit=10&registry=shop.azurecr.io&repository=team%2Fweb&tag=1.0&state=scanned&severity=high"),
    get("/api/images?cursor=eyJyZWdpc3RyeSI6IngifQ"),
    get(`/api/images/${"0".repeat(32)}`),
    get(image),
    get(`${image}/findings?severity=low&fixable=true&limit=1`),
    get(`${image}/findings?at=2026-03-02T10:00:00Z`),
    get(`${image}/history?limit=1`),
    get(`${image}/history/${"0".repeat(32)}`),
    get(`${image}/changes?since=${knownImage.id}`),
    get(`${image}/vex`),
    get("/api/tags?registry=shop.azurecr.io&repository=team%2Fweb&tag=latest"),
    get("/api/vulnerabilities/CVE-2026-1001/images?limit=1"),
    get("/api/coverage"),
    post("/api/coverage/walks", { registry: keys.registry }),
    get("/api/exemptions?limit=1&cursor=after-one"),
    get("/api/exemptions/one"),
    put("/api/exemptions/one", exemption),
    put("/api/exemptions/two", exemption, { ...key, ...json, "if-match": '"1"' }),
    remove("/api/exemptions/one", "", { ...key, "if-none-match": "*" }),
    ...vexDocuments.map((document) => post("/api/vex", JSON.parse(document))),
    get("/api/dead-letters?source=scanImage&reason=invalid-event&limit=1"),
    get(letter),
    post(`${letter}/redrive`, ""),
    post("/api/dead-letters/redrive", { source: "scanImage" }),
    remove(letter, { reason: "The registry is gone.", by: "somebody" }),
    get(`/api/alerts?kind=findings.changed&since=2026-03-02T10:00:00Z&image=${knownImage.id}`),
    get("/api/webhooks"),
    get(`/api/webhooks/desk/deliveries?alert=${"0".repeat(32)}`),
    { method: "HEAD", target: "/api/images", headers: key, body: "" },
    post("/api/scans", { image: `${keys.registry}/team/web:1.0` }),
    post("/api/scans", { image: `${keys.registry}/team/web@${aDigest()}` }),
    ...recordings("distribution", "envelope").map((envelope) =>
      post(`/api/registry-notifications?code=${keys.default}`, JSON.parse(envelope), {
        "content-type": "application/vnd.docker.distribution.events.v1+json",
      }),
    ),
    ...events.map((event) => post(webhook, [event], { ...json, "aeg-event-type": "Notification" })),
    post(webhook, events, { "content-type": "application/cloudevents-batch+json; charset=utf-8" }),
    { method: "OPTIONS", target: webhook, headers: { "webhook-request-origin": "eventgrid.azure.net" }, body: "" },
    get(`/admin/functions?code=${keys.master}`),
    get(`/admin/host/status?code=${keys.master}`),
    post(`/admin/functions/receiveRegistryEvent?code=${keys.master}`, { input: events[0] }),
  ];
}

/** As bytes on the wire; the connection is closed after the answer. */
export function httpText({ method, target, headers, body }: HttpRequest): string {
  const text = writtenValue(body);
  const lines = Object.entries({ host: "127.0.0.1", connection: "close", ...headers });
  const length = text === "" ? [] : [`content-length: ${Buffer.byteLength(text)}`];
  return [
    `${method} ${target} HTTP/1.1`,
    ...lines.map(([name, value]) => `${name}: ${value}`),
    ...length,
    "",
    text,
  ].join("\r\n");
}
