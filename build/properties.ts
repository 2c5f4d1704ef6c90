// The properties of a bundle: where each gets its value, and where it is called. This file only reads the bundle.

import type { AnyNode, MemberExpression } from "acorn";
import { eachNode, isFunction, nameOf } from "./statements.ts";

/** A place where a property gets a value, and the text to remove with it. */
export interface Definition {
  value: AnyNode;
  start: number;
  end: number;
  /** The top-level statement that contains it. */
  top: AnyNode;
  /** Whether it is outside all functions, so that its value is made once. */
  alone?: boolean;
  ancestors: AnyNode[];
}

export interface Property {
  definitions: Definition[];
  calls: { node: MemberExpression; ancestors: AnyNode[] }[];
  /** Places that change it, delete it, name it by a text, or read it without a call. With any, the property stays. */
  spoilt?: AnyNode;
}

/** Definitions and calls of each property, by name. */
export function propertiesOf(statements: AnyNode[]): Map<string, Property> {
  const found = new Map<string, Property>();
  for (const top of statements)
    eachNode(top, (node, ancestors) => {
      if (node.type === "ObjectExpression") addObject(found, node, top, ancestors);
      else if (node.type === "MemberExpression") addMember(found, node, top, ancestors);
    });
  return found;
}

function of(found: Map<string, Property>, name: string): Property {
  if (!found.has(name)) found.set(name, { definitions: [], calls: [] });
  return found.get(name)!;
}

function addObject(
  found: Map<string, Property>,
  object: Extract<AnyNode, { type: "ObjectExpression" }>,
  top: AnyNode,
  ancestors: AnyNode[],
): void {
  const alone = !ancestors.some(isFunction);
  for (const [i, property] of object.properties.entries()) {
    if (property.type !== "Property") continue;
    const { key, value, start } = property;
    const end = object.properties[i + 1]?.start ?? object.end - 1;
    // A key that is a number or a text is read in brackets, so it is not a property with a name.
    if (key.type === "Identifier")
      of(found, key.name).definitions.push({ value, start, end, top, alone, ancestors: [...ancestors] });
  }
}

function addMember(
  found: Map<string, Property>,
  node: MemberExpression,
  top: AnyNode,
  ancestors: AnyNode[],
): void {
  const parent = ancestors[ancestors.length - 2]!;
  const around = ancestors[ancestors.length - 3];
  const property = of(
    found,
    node.computed ? `${"value" in node.property ? node.property.value : undefined}` : nameOf(node.property),
  );
  if (parent.type === "AssignmentExpression" && parent.left === node) {
    if (node.computed || parent.operator !== "=" || around?.type !== "ExpressionStatement")
      property.spoilt ??= parent;
    const { start, end } = around ?? parent;
    property.definitions.push({ value: parent.right, start, end, top, ancestors: [...ancestors] });
  } else if (!node.computed && parent.type === "CallExpression" && parent.callee === node) {
    property.calls.push({ node, ancestors: [...ancestors] });
  } else if (node.computed || !passesOn(node, parent)) property.spoilt ??= parent;
}

/** Whether a record only copies the property from another one: `{ print: board.print }`. */
function passesOn(node: MemberExpression, parent: AnyNode): boolean {
  const name = nameOf(node.property);
  if (parent.type === "Property") return nameOf(parent.key) === name;
  if (parent.type !== "AssignmentExpression" || parent.right !== node) return false;
  return parent.left.type === "MemberExpression" && nameOf(parent.left.property) === name;
}
