// What Node has as globals and the shared tools use.
import { Buffer } from "buffer/";

const world = globalThis as unknown as Record<string, unknown>;
world.Buffer = Buffer;
world.setImmediate = (action: () => void) => setTimeout(action, 0);
world.clearImmediate = (timer: number) => clearTimeout(timer);
