// `node:stream` in the page: see worker_threads.ts.

export class Duplex {
  constructor() {
    throw new Error("a board in the page has no network");
  }
}
