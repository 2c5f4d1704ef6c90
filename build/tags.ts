// Tags in the comments of the sources, for the build.
//
// `@resident` in the comment of a function keeps it in the board's memory, because it runs with every message (engine 10).
// A text after the tag, behind a colon, gives another reason.
//
// `@inline` in the comment of a function says that it has one caller, which ends with the call: its body goes there
// (inline.ts).
//
// `@direct` in the comment of an interface says that each bundle has one implementation of it. Its methods are called by
// name (direct.ts), except those with `@indirect`; the text after that tag is the reason.

import ts from "typescript";
import { BuildError } from "./failure.ts";

/** A function with one of these tags. */
export interface FunctionTag {
  file: string;
  line: number;
  name: string;
  tag: "resident" | "inline";
}

/** The tags of functions in a file. Throws a {@link BuildError} for a tag at a place where it has no meaning. */
export function functionTags(source: ts.SourceFile, file: string): FunctionTag[] {
  if (!/@(resident|inline)/.test(source.text)) return [];
  const found: FunctionTag[] = [];
  const all: string[] = [];
  const visit = (node: ts.Node, top: boolean): void => {
    const name = top ? functionName(node) : undefined;
    if (name !== undefined) all.push(name);
    for (const word of ["resident", "inline"] as const) {
      const tag = tagOf(node, word);
      if (tag)
        found.push({ tag: word, name: taggedName(source, file, tag, name), file, line: lineOf(source, tag) });
    }
    const inner = top && !ts.isFunctionLike(node);
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(source, true);
  for (const { name, line, tag } of found)
    if (all.filter((other) => other === name).length > 1)
      throw new BuildError(
        `${file}:${line}: @${tag} of ${name} may mean several functions of this name in the file: rename the others`,
      );
  return found;
}

function taggedName(source: ts.SourceFile, file: string, tag: ts.JSDocTag, name: string | undefined): string {
  const line = lineOf(source, tag);
  const word = tag.tagName.text;
  if (name === undefined)
    throw new BuildError(
      `${file}:${line}: @${word} stands at no function of the top level, and at no method of an object there: ` +
        "move it to such a function, or remove it",
    );
  const words = ts.getTextOfJSDocComment(tag.comment) ?? "";
  if (words === "" || words.startsWith(":")) return name;
  throw new BuildError(
    `${file}:${line}: @${word} is followed by "${words}": write @${word}, or @${word}: and a reason`,
  );
}

/** Interfaces with `@direct`, by the names of their methods. */
export function directTags(source: ts.SourceFile, file: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const node of source.statements) {
    if (!ts.isInterfaceDeclaration(node) || !tagOf(node, "direct")) continue;
    for (const member of node.members)
      if (isMethod(member) && !tagOf(member, "indirect"))
        found[(member.name as ts.Identifier).text] = `${file}:${lineOf(source, member)}: ${node.name.text}`;
  }
  return found;
}

function isMethod(member: ts.TypeElement): boolean {
  if (!member.name || !ts.isIdentifier(member.name)) return false;
  return (
    ts.isMethodSignature(member) ||
    (ts.isPropertySignature(member) && !!member.type && ts.isFunctionTypeNode(member.type))
  );
}

/** The name of a function that may have a tag. */
function functionName(node: ts.Node): string | undefined {
  if (ts.isFunctionDeclaration(node) && node.body) return node.name?.text;
  if (ts.isMethodDeclaration(node) && ts.isIdentifier(node.name)) return node.name.text;
  if (!ts.isPropertyAssignment(node) || !ts.isIdentifier(node.name)) return undefined;
  const { initializer } = node;
  return ts.isFunctionExpression(initializer) || ts.isArrowFunction(initializer) ? node.name.text : undefined;
}

function tagOf(node: ts.Node, name: string): ts.JSDocTag | undefined {
  const docs = (node as { jsDoc?: ts.JSDoc[] }).jsDoc ?? [];
  return docs.flatMap(({ tags }) => [...(tags ?? [])]).find(({ tagName }) => tagName.text === name);
}

function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}
