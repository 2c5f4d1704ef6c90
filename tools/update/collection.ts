// Collects the messages that a broker keeps under some filters. A broker does not say which is the last one: it is, when
// there are enough, or when none came for a while.

import { MAX_MESSAGES, QUIET_MS } from "./limits.ts";

export class Collection {
  readonly found = new Map<string, Buffer>();
  /** Resolves when there are no more. */
  readonly complete: Promise<void>;
  private resolve: () => void = () => {};
  private timer: NodeJS.Timeout | undefined;

  /** @param enough whether all that is wanted is there */
  constructor(private readonly enough: (found: Map<string, Buffer>) => boolean) {
    this.complete = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  /** A message. One that is published right now has no retain flag (MQTT 3.1.1, 3.3.1.3). */
  readonly take = (topic: string, payload: Buffer, { retain }: { retain: boolean }): void => {
    if (!retain || !payload.length) return;
    this.found.set(topic, payload);
    this.wait();
  };

  /** Waits for the next one, from now on. */
  wait(): void {
    clearTimeout(this.timer);
    if (this.isFull || this.enough(this.found)) this.resolve();
    else this.timer = setTimeout(this.resolve, QUIET_MS);
  }

  get isFull(): boolean {
    return this.found.size >= MAX_MESSAGES;
  }

  end(): void {
    clearTimeout(this.timer);
  }
}
