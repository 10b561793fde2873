import * as z from "zod";
import { InvalidSettingsError, readSettings } from "../../../shared/hosts/settings/read-settings.ts";
import { jsonOf } from "../corpus/fixtures.ts";
import { writtenValue } from "../corpus/written-value.ts";
import { endingOf, type FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "settings in environment variables: TIDEWATCH__a__b",
  format: "json",
  // Linux takes 128 KiB for one variable.
  mostBytes: 131_072,
  tokens: ["TIDEWATCH__", "__0__", "__999__", "__1000__", "____", "[", "]", "*a", "__proto__"],
  open: async () => ({
    corpus: [
      JSON.stringify({ TIDEWATCH__registries__0__host: "shop.azurecr.io" }),
      JSON.stringify({
        TIDEWATCH__registries__0__host: "localhost:5000",
        TIDEWATCH__registries__0__username: "tidewatch",
        TIDEWATCH__registries__0__password: "[1234]",
        TIDEWATCH__registries__0__repositories__include: '["shop/**"]',
        TIDEWATCH__scannerIdentities: "[defender, other]",
        TIDEWATCH__rescans__rescanDays: "7",
        TIDEWATCH__rescans__inUseDays: "0.5",
        TIDEWATCH__listen__port: "0",
        TIDEWATCH__webhooks__0__id: "desk",
        TIDEWATCH__webhooks__0__url: "https://desk.example/tidewatch",
        TIDEWATCH__webhooks__0__secret: "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
        TIDEWATCH__registries__0__plainHttp: "true",
      }),
    ],
    run: (input) => {
      const environment = Environment.parse(jsonOf(input)?.value);
      return endingOf(() => JSON.stringify(readSettings({ environment })), [InvalidSettingsError]);
    },
  }),
};

/** Variables are text, and neither name nor value can hold a null character. */
const Environment = z
  .record(z.string(), z.unknown())
  .transform((record) =>
    Object.fromEntries(
      Object.entries(record).map(([name, value]) => [
        name.replaceAll("\0", ""),
        writtenValue(value).replaceAll("\0", ""),
      ]),
    ),
  )
  .catch({});
