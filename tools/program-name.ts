// Prints the name that a program has in Storage: `node --import tsx tools/program-name.ts dist/hello.js`.

import { readFileSync } from "node:fs";
import { nameOf } from "../board/virtual/program.ts";
import { fileOf } from "../src/program/file.ts";

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("name the program: dist/hello.js");
console.log(fileOf(nameOf(readFileSync(file, "latin1"))));
