export interface State {
  epoch?: number;
  peers?: Record<string, [epoch: number, sequence: number]>;
}
export function keyOf(text: string): Buffer;
export class Signer {
  constructor(key: string, id: string, state?: State, save?: (state: State) => void);
  seal(topic: string, payload: string | Buffer): Buffer;
  open(topic: string, envelope: Buffer): { sender?: string; payload?: Buffer; why?: string };
}
