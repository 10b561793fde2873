import * as z from "zod";

const Event = z.looseObject({ data: z.looseObject({ findings: z.array(z.record(z.string(), z.unknown())) }) });

/** The event that was sent, as JSON: its members a line each, and of the findings only the first, cut to its core. */
export function alertSummary(body: string): readonly string[] {
  const { findings } = Event.parse(JSON.parse(body)).data;
  const shortened = findings.slice(0, 1).map((finding) => pick(finding, shownMembers));
  const more = findings.length > 1 ? [`and ${(findings.length - 1).toString()} more`] : [];
  const { data, ...envelope } = z.looseObject({ data: z.looseObject({}) }).parse(JSON.parse(body));
  return [
    "{",
    ...membersOf(envelope).map((member) => `  ${member},`),
    `  "data": {`,
    ...membersOf({ ...data, findings: [...shortened, ...more] }).map((member, index, all) =>
      index === all.length - 1 ? `    ${member}` : `    ${member},`,
    ),
    "  }",
    "}",
  ];
}

const shownMembers = ["change", "vulnerabilityId", "severity", "fixedVersion", "remediation"];

function membersOf(value: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}: ${JSON.stringify(member)}`);
}

function pick(value: Readonly<Record<string, unknown>>, names: readonly string[]) {
  return Object.fromEntries(names.flatMap((name) => (name in value ? [[name, value[name]]] : [])));
}
