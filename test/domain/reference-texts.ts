import fc from "fast-check";

/** Texts that are what they claim, for laws that hold for all of them. */

export const digestText = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);

const hostLabel = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,10}[a-z0-9])?$/);

export const registryText = fc
  .tuple(fc.array(hostLabel, { minLength: 1, maxLength: 4 }), fc.option(fc.integer({ min: 1, max: 65_535 })))
  .map(([labels, port]) => labels.join(".") + (port === null ? "" : `:${port}`));

const pathPart = fc.stringMatching(/^[a-z0-9]{1,8}(?:(?:\.|_|__|-{1,3})[a-z0-9]{1,8}){0,3}$/);

export const repositoryText = fc.array(pathPart, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));

export const tagText = fc.stringMatching(/^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/);
