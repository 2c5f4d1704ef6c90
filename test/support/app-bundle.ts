// Builds a firmware whose application is a test's, as the others are built: minified, names shortened.
import { type Program, programIn } from "../../board/virtual/program.ts";
import { buildOwn } from "../../build/own.ts";

/** Which firmware: its version of MQTT, and what shakes hands, the stock `ws` module or our own code. */
export interface Build {
  profile: "full" | "v5";
  transport: "stock" | "lean";
}

/** Where the application is, and the name that it is exported by. */
export interface Application {
  file: string;
  name: string;
}

/** The program, as it would be saved to flash. */
export async function appBundle(
  { file, name }: Application,
  { profile, transport }: Build,
): Promise<Program> {
  const from = file.replace(/\.ts$/, "");
  const way = transport === "stock" ? "ws" : transport;
  return programIn(await buildOwn({ app: name, file: from, start: name, profile, transport: way }));
}
