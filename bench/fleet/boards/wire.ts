// A witness at the socket of a board: finds commands among the bytes that arrive, without a parser of frames or packets.

/** A PUBLISH of a command: the end of its topic, its Packet Identifier, its payload. */
const COMMAND = /\/down.{2,3}([12]) (\d+)/gs;
/** A command that is cut into pieces is in the last bytes of one and the first of the next. */
const LONGEST = 40;

/** @param found is called with each command, sometimes twice, and with the beginning of a number that is cut */
export function witness(found: (qos: number, n: number) => void): (bytes: string) => void {
  let before = "";
  return (bytes) => {
    const text = before + bytes;
    for (const [, qos, n] of text.matchAll(COMMAND)) found(Number(qos), Number(n));
    before = text.slice(-LONGEST);
  };
}
