// The live page beside the demo's own broker. It is built when it is first asked for, so that the demo starts as fast as
// without it.
import { readFile } from "node:fs/promises";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { join } from "node:path";
import { messageOf } from "../../build/failure.ts";
import { ensurePage, pageOf } from "../../build/web/pages.ts";
import { ROOT } from "../paths.ts";

const PATH = "/dashboard.html";

/** @param base in front of the devices' topics @param say announces a build */
export function livePage(base: string, say: (text: string) => void): RequestListener {
  let made: Promise<string> | undefined;
  return (request, response) => {
    if (request.url === "/") return redirect(request, response, base);
    if (request.url !== PATH) return void response.writeHead(426).end();
    // One build for all who ask; after a fault the next request tries again.
    made ??= ensurePage(pageOf("dashboard"), say).catch((error) => {
      made = undefined;
      throw error;
    });
    void made
      .then((file) => readFile(join(ROOT, file)))
      .then(
        (page) => response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page),
        (error) => response.writeHead(500, { "content-type": "text/plain" }).end(messageOf(error)),
      );
  };
}

/** Tells the page where its broker is: at the address that the page itself was asked for. */
function redirect({ headers }: IncomingMessage, response: ServerResponse, base: string): void {
  const words = new URLSearchParams({ broker: `ws://${headers.host}/mqtt`, base });
  response.writeHead(302, { location: `${PATH}#${words}` }).end();
}
