// What devices and people say, as text for the page: bounded, without control characters. The page never makes markup of it.

/** A value as one line. Texts as they are, everything else as JSON. */
export function shown(value: unknown, most: number): string {
  if (value === undefined || value === null) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const cut = text.length > most ? `${text.slice(0, most)}…` : text;
  // Also those that turn the direction of what follows (Unicode UAX 9).
  return cut.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, ".");
}

/** A number of a record, undefined if it is none. */
export function numberIn(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** What a JSON object says, by name. It inherits nothing. */
export type Fields = Record<string, unknown>;

/** The fields of a JSON object; undefined for anything else. */
export function fieldsOf(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return Object.assign(Object.create(null), value) as Fields;
  } catch {
    return undefined;
  }
}
