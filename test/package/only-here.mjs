// Loaded into every process of a test: a connection to anything but 127.0.0.1 fails, and its host is noted in a file.
import { appendFileSync } from "node:fs";
import { isIP, Socket } from "node:net";

const connect = Socket.prototype.connect;
const HERE = new Set(["127.0.0.1", "localhost", "::1"]);

Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args;
  const options = typeof first === "object" ? first : {};
  const host = options.host ?? (typeof args[1] === "string" ? args[1] : "127.0.0.1");
  if (options.path === undefined && !HERE.has(host)) {
    appendFileSync(process.env.ONLY_HERE, `${isIP(host) ? "address" : "name"} ${host}\n`);
    return connect.apply(this, [{ host: "127.0.0.1", port: 9 }]);
  }
  return connect.apply(this, args);
};
