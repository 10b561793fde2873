export type AppSettings = Readonly<Record<string, string>>;

/** Replaces `%Name%` by the setting of that name, as the Functions host does in trigger options. */
export function resolveSettings(text: string, settings: AppSettings): string {
  return text.replaceAll(/%([^%]+)%/g, (_, name: string) => {
    const value = settings[name];
    if (value === undefined) throw new MissingSettingError(name, text);
    return value;
  });
}

/** `AzureWebJobs.<function>.Disabled` is Azure's own switch for one function. */
export const isDisabled = (functionName: string, settings: AppSettings): boolean =>
  /^(true|1)$/i.test(settings[`AzureWebJobs.${functionName}.Disabled`] ?? "");

/** Azure's own setting for the largest body of a request; there its default is 100 MB. */
export function bodyLimitBytes(settings: AppSettings): number {
  const name = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT";
  const text = settings[name] ?? "1048576";
  if (!/^\d{1,12}$/.test(text)) throw new InvalidSettingError(name, "a number of bytes");
  return Number(text);
}

export class InvalidSettingError extends Error {
  override name = "InvalidSettingError";

  constructor(settingName: string, expected: string) {
    super(`The app setting ${settingName} must be ${expected}.`);
  }
}

export class MissingSettingError extends Error {
  override name = "MissingSettingError";

  constructor(settingName: string, text: string) {
    super(`"${text}" needs the app setting ${settingName}, which is not set.`);
  }
}
