// Every command that a page shows in a fence: how a test runs it, or why no test runs it.

export interface Run {
  /** Text that the command must print. */
  prints: RegExp;
  /** Arguments that make the command end, or keep it from touching a board. */
  more?: string;
  /** What is typed once it has printed that, so that it ends. */
  types?: string;
  /** What the command needs: a broker in place of the one in the command, or files in its own folder. */
  needs?: "broker" | "identity" | "example";
  /** Files that the command writes in that folder. */
  writes?: string[];
}

const HELLO = /\bhello RECEIVED hello <- mg\/test\n[\s\S]*link DONE\n/;

/** Commands that run as a page shows them, except for the changes here. */
export const RUNS: Record<string, Run> = {
  "npm start": { prints: HELLO },
  "npx espruino-mqtt-ws start": { prints: HELLO },
  "npx espruino-mqtt-ws flash /dev/ttyUSB0": { prints: /\.bootcde/, more: "--dry-run" },
  "npm start -- --url ws://127.0.0.1:9001/mqtt": { prints: HELLO, needs: "broker" },
  "npm start -- --profile v5 --url ws://127.0.0.1:9001/mqtt": { prints: HELLO, needs: "broker" },
  "npm start -- --app device": { prints: /"state":"online"/, types: "quit" },
  "cp board/config.example.json board/config.json": {
    prints: /^$/,
    needs: "example",
    writes: ["board/config.json"],
  },
  "npm run update -- status --url ws://127.0.0.1:9001/mqtt": {
    prints: /nothing is published on stable\n/,
    needs: "broker",
  },
  "npm run update -- take-back --url ws://127.0.0.1:9001/mqtt": {
    prints: /nothing is published on stable\n/,
    needs: "broker",
  },
  "./flash.sh /dev/ttyUSB0": { prints: /\.bootcde/, more: "--dry-run" },
  "./flash.sh --app device /dev/ttyUSB0": { prints: /device/, more: "--dry-run" },
  "openssl x509 -in client.pem -outform DER -out board/client.crt": {
    prints: /^$/,
    needs: "identity",
    writes: ["board/client.crt"],
  },
  "openssl rsa -in key.pem -traditional -outform DER -out board/client.key": {
    prints: /^(writing RSA key\n)?$/,
    needs: "identity",
    writes: ["board/client.key"],
  },
};

/** Commands that no test runs, each with its reason. */
export const SKIPPED: Record<string, string> = {
  "npx espruino-mqtt-ws new garden": "writes a folder; test/package/tarball.long.ts makes it and runs it",
  "npm install espruino-mqtt-ws":
    "needs the Internet; test/package/tarball.long.ts has a registry of its own",
  "npx espruino --no-ble -p /dev/ttyUSB0 -b 115200 --config SAVE_ON_SEND=1 --config MODULE_URL=node_modules/espruino-mqtt-ws/dist/module/mqtt-ws-lean program.js":
    "needs a board; test/module/by-tools.test.ts sends the same to a file",
  "npm install --save-dev espruino-mqtt-ws": "the same",
  "node --test": "runs the tests of the page; test/testing/plain.test.ts does it in a folder of its own",
  "npm run check": "npm test begins with it",
  "node --import tsx --test test/ws/frame.test.ts": "npm test runs that file",
  "npm test": "longer than a minute; CI runs it",
  "npm ci": "needs the Internet; CI begins with it",
  "npm cit": "longer than a minute; it is what CI runs",
  "npm run build": "npm test begins with it",
  "npm run build:web": "the tests of the pages begin with it",
  "npm start -- --app echo --transport lean":
    "needs the page's application; test/module/own-app.test.ts runs it",
  "./flash.sh --app echo --transport lean": "the same",
  "npm run update -- key": "writes the owner's key; test/update/key.test.ts runs it with another file",
  "npm run update -- publish --url ws://127.0.0.1:9001/mqtt":
    "needs the owner's key; test/update/publish.test.ts runs it with another one",
  "npm run update -- publish --url ws://127.0.0.1:9001/mqtt --share 5": "the same",
  "npm run update -- status --url ws://127.0.0.1:9001/mqtt --watch":
    "runs until it is stopped; test/update/status.test.ts stops it",
  "npm run fleet -- --story restart --boards 10000 --every 240":
    "minutes, and both cores; test/fleet/real.long.ts runs a small fleet",
  "npm run fleet -- --story restart --boards 10000 --every 240 --client mqttjs": "the same",
  "npm run fleet -- --broker rabbitmq --boards 1000 --every 20": "the same",
  "npm run fleet -- --pictures": "writes into docs; test/fleet/pictures.test.ts compares what it would write",
  "npm run test:long": "minutes; CI runs it behind npm cit",
  "npm run chaos": "longer than a minute; npm run test:long sends the same storm",
  "npm run fuzz": "ten minutes; npm test runs some seconds of it",
  "./flash.sh /dev/ttyUSB0 --firmware ~/Downloads/espruino_2v29_esp32":
    "needs a download of Espruino and esptool; test/flash/plan.test.ts has pretended ones",
  "npm run monitor -- /dev/ttyUSB0": "needs a board; test/flash/monitor.test.ts has a pretended one",
  "sudo mosquitto_passwd -c /etc/mosquitto/passwd kitchen":
    "asks for a password; test/docs/brokers.test.ts makes the file with it",
  "sudo ejabberdctl register kitchen localhost <password>": "needs the installed ejabberd to run",
  "sudo rabbitmq-plugins enable rabbitmq_web_mqtt": "needs RabbitMQ",
  "sudo rabbitmqctl add_user kitchen <password>": "needs RabbitMQ",
  'sudo rabbitmqctl set_permissions kitchen "^mqtt-subscription-.*" "^(mqtt-subscription-.*|amq\\.topic)$" "^(mqtt-subscription-.*|amq\\.topic)$"':
    "needs RabbitMQ",
  'sudo rabbitmqctl set_topic_permissions kitchen amq.topic "^devices\\.kitchen\\..*" "^devices\\.kitchen\\..*"':
    "needs RabbitMQ",
  "mosquitto -c mosquitto.conf": "runs until it is stopped; a test of its own starts it with the page's file",
  "ESPRUINO=/path/to/espruino node --import tsx test/virtual/write-built-ins.ts":
    "needs a build of Espruino; with one, test/virtual/built-ins.test.ts compares what it would write",
  "ESPRUINO=<a Linux build> ESPRUINO_MODULES=<the folder of its modules> npm run bench:engine":
    "needs a build of Espruino, and takes many minutes",
  "npx espruino --no-ble -p /dev/ttyUSB0 -b 115200 --config BOARD_JSON_URL=board/chips --storage mqtt-ws:dist/mqtt-ws-lean.js --config SAVE_ON_SEND=1 examples/button-and-led.js":
    "needs a board",
  "npx espruino --config BOARD_JSON_URL=board/chips --no-ble -p /dev/ttyUSB0 -b 115200 --config SAVE_ON_SEND=1 --storage config.json:board/config.json --storage fw.00000000:dist/hello.js dist/loader.js":
    "needs a board",
};
