// A WebSocket as a stream of bytes. Writes of one turn become one binary message: a packet, as brokers do it. (The
// stream of the `ws` package makes a message of every write, even of a single byte.)
import { Duplex } from "node:stream";
import type { WebSocket } from "ws";

type Done = (error?: Error | null) => void;

/** The stream; ending it closes the WebSocket. */
export function messageStream(socket: WebSocket): Duplex {
  const send = (data: Buffer, done: Done) => {
    if (socket.readyState === socket.OPEN) socket.send(data, { binary: true }, (error) => done(error));
    else done();
  };
  const stream = new Duplex({
    read: () => socket.resume(),
    write: (chunk: Buffer, _encoding, done) => send(chunk, done),
    writev: (chunks, done) => send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done),
    final(done) {
      socket.close(1000);
      done();
    },
    destroy(error, done) {
      socket.terminate();
      done(error);
    },
  });
  socket.on("message", (data: Buffer) => {
    if (!stream.push(data)) socket.pause();
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    stream.push(null);
    stream.destroy();
  });
  return stream;
}
