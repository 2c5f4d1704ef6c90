// The generated parts of a page: each stands between `<!-- name -->` and `<!-- /name -->`. Knows no part.

/** The text between the markers of a part. */
export function partOf(page: string, name: string): string {
  const found = pattern(name).exec(page);
  if (!found)
    throw new Error(
      `no <!-- ${name} --> ... <!-- /${name} --> in the page: put the two lines where the part belongs`,
    );
  return found[2]!;
}

/** The page with another text between the markers. */
export function withPart(page: string, name: string, text: string): string {
  partOf(page, name);
  return page.replace(pattern(name), (_, begin: string) => `${begin}${text}\n<!-- /${name} -->`);
}

function pattern(name: string): RegExp {
  return new RegExp(`(<!-- ${name} -->\\n)([\\s\\S]*?)\\n?<!-- /${name} -->`);
}

/** Rows of a Markdown table, the first of them its head. */
export function table(rows: string[][]): string {
  const [head, ...rest] = rows.map((row) => `| ${row.map(escaped).join(" | ")} |`);
  return [head, `|${"---|".repeat(rows[0]!.length)}`, ...rest].join("\n");
}

/** The cells of a Markdown table, head and rule left out. */
export function cellsOf(text: string): string[][] {
  const lines = text.split("\n").filter((line) => line.startsWith("| "));
  return lines.slice(1).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.replace(/\\\|/g, "|").trim()),
  );
}

function escaped(cell: string): string {
  return cell.replace(/\|/g, "\\|");
}
