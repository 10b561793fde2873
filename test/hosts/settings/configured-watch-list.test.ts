import { describe, expect, it } from "vitest";
import { parseRegistryHost, parseRepository, parseTag } from "../../../shared/domain/image-reference.ts";
import { configuredWatchList } from "../../../shared/hosts/settings/configured-watch-list.ts";
import { readSettings } from "../../../shared/hosts/settings/read-settings.ts";

describe("the watch list", () => {
  it("holds everything of a registry that is named, and nothing of any other", () => {
    const watched = watchList({});

    expect(watched("team/web", "1.0")).toBe("watched");
    expect(watched("a/b/c/d")).toBe("watched");
    expect(watched("team/web", "1.0", "evil.azurecr.io")).toBe("unknownRegistry");
    expect(watched("team/web", "1.0", "shop.azurecr.io.evil.example")).toBe("unknownRegistry");
    expect(watched("team/web", "1.0", "shop.azurecr.io:8443")).toBe("unknownRegistry");
  });

  it.each([
    ["team/**", "team/web", "watched"],
    ["team/**", "team/web/api", "watched"],
    ["team/**", "teams/web", "filtered"],
    ["team/*", "team/web/api", "filtered"],
    ["*/web", "team/web", "watched"],
    ["team/web", "team/web2", "filtered"],
    ["{team,shop}/web", "shop/web", "watched"],
    ["team/.*", "team/web", "filtered"],
  ])("reads %s as a glob: %s is %s", (glob, repository, expected) => {
    expect(
      watchList({ TIDEWATCH__registries__0__repositories__include: `[${JSON.stringify(glob)}]` })(repository),
    ).toBe(expected);
  });

  it("leaves out what is excluded, whatever includes it", () => {
    const watched = watchList({
      TIDEWATCH__registries__0__repositories__include: "['team/**', 'shop/**']",
      TIDEWATCH__registries__0__repositories__exclude: "['**/test', 'shop/cache-*']",
    });

    expect(["team/web", "shop/web"].map((repository) => watched(repository))).toEqual(["watched", "watched"]);
    expect(["team/test", "shop/a/test", "shop/cache-1", "other"].map((repository) => watched(repository))).toEqual(
      Array.from({ length: 4 }, () => "filtered"),
    );
  });

  it("goes by tags too, but takes every push without one", () => {
    const watched = watchList({
      TIDEWATCH__registries__0__tags__include: "['v*', latest]",
      TIDEWATCH__registries__0__tags__exclude: "['*-rc*']",
    });

    expect([watched("web", "v1.0"), watched("web", "latest"), watched("web")]).toEqual([
      "watched",
      "watched",
      "watched",
    ]);
    expect([watched("web", "v1.0-rc1"), watched("web", "dev")]).toEqual(["filtered", "filtered"]);
  });

  it("is empty for a registry whose includes are", () => {
    expect(watchList({ TIDEWATCH__registries__0__repositories__include: "[]" })("team/web")).toBe("filtered");
  });
});

function watchList(environment: Readonly<Record<string, string>>) {
  const { registries } = readSettings({
    environment: { TIDEWATCH__registries__0__host: "shop.azurecr.io", ...environment },
  });
  const list = configuredWatchList(registries);
  return (repository: string, tag?: string, registry = "shop.azurecr.io") =>
    list(parseRegistryHost(registry), parseRepository(repository), tag === undefined ? undefined : parseTag(tag));
}
