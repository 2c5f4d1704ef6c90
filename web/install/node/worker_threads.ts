// `node:worker_threads` in the page: the virtual board there has no network, and judges configurations only.

export class Worker {
  constructor() {
    throw new Error("a board in the page has no network");
  }
}
