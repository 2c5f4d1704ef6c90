// Runs the test files that its arguments name, one after the other in this process: to start a process for each takes
// longer than most tests of the core.
import { pathToFileURL } from "node:url";

for (const file of process.argv.slice(2)) await import(pathToFileURL(file).href);
