// `node:vm` in the page: a world of its own is that of a hidden frame. Scripts run by its own `eval`, which is kept because
// the virtual board deletes what Espruino lacks.

/** Frames that are kept: a board that is off has no more use for its own. */
const MOST = 3;
const frames: HTMLIFrameElement[] = [];

interface Context {
  run(code: string): unknown;
}

export function createContext(): Context {
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.title = "";
  document.body.append(frame);
  frames.push(frame);
  if (frames.length > MOST) frames.shift()!.remove();
  return { run: (frame.contentWindow as unknown as { eval(code: string): unknown }).eval };
}

export class Script {
  constructor(
    private readonly code: string,
    private readonly options: { filename: string },
  ) {}

  runInContext({ run }: Context): unknown {
    return run(`${this.code}\n//# sourceURL=${this.options.filename}`);
  }
}

export default { createContext, Script };
