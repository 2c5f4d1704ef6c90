// What the sources say to the build. `@resident` in the comment of a function keeps it in the board's memory, because it
// runs with every message: all other functions are made when they are called. `@resident module` does so only in bundles
// without parts: there a call of any other function costs five times as much.

import ts from "typescript";
import { BuildError } from "./failure.ts";

/** The words of the `@resident` tags in a file, by the name of the function. */
export function residentTags(source: ts.SourceFile): Map<string, string> {
  const found = new Map<string, string>();
  if (!source.text.includes("@resident")) return found;
  const all: string[] = [];
  const visit = (node: ts.Node, top: boolean): void => {
    const name = top ? functionName(node) : undefined;
    if (name !== undefined) all.push(name);
    const tag = tagOf(node, "resident");
    if (tag) {
      const where = placeOf(source, tag);
      if (name === undefined)
        throw new BuildError(
          `${where}: @resident stands at something that is no function of the top level and no method of an object there: ` +
            "move it to such a function, or remove it",
        );
      found.set(name, wordsOf(tag, where));
    }
    const inner = top && !ts.isFunctionLike(node);
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(source, true);
  for (const name of found.keys())
    if (all.filter((other) => other === name).length > 1)
      throw new BuildError(
        `${source.fileName}: @resident of ${name} may mean two functions of this name in the file: rename one of them`,
      );
  return found;
}

/** The name of a function that may have a tag. */
function functionName(node: ts.Node): string | undefined {
  if (ts.isFunctionDeclaration(node) && node.body) return node.name?.text;
  if (ts.isMethodDeclaration(node) && ts.isIdentifier(node.name)) return node.name.text;
  if (!ts.isPropertyAssignment(node) || !ts.isIdentifier(node.name)) return undefined;
  const { initializer } = node;
  return ts.isFunctionExpression(initializer) || ts.isArrowFunction(initializer) ? node.name.text : undefined;
}

export function tagOf(node: ts.Node, name: string): ts.JSDocTag | undefined {
  const docs = (node as { jsDoc?: ts.JSDoc[] }).jsDoc ?? [];
  return docs.flatMap(({ tags }) => [...(tags ?? [])]).find(({ tagName }) => tagName.text === name);
}

function wordsOf(tag: ts.JSDocTag, where: string): string {
  const words = (ts.getTextOfJSDocComment(tag.comment) ?? "").trim();
  if (words === "" || words === "module") return words;
  throw new BuildError(`${where}: @resident is followed by "${words}": write @resident, or @resident module`);
}

export function placeOf(source: ts.SourceFile, node: ts.Node): string {
  const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return `${source.fileName}:${line + 1}`;
}
