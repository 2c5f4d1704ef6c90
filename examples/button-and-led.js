// A button and a lamp over MQTT: the button says "pressed", and the lamp does what it is told with "on", "off" or
// "toggle". Works with any build of the module.
// To be saved to flash: the engine calls onInit after every start.
var WIFI = { ssid: "my network", password: "its password" };
var URL = "ws://joe:secret@192.168.1.10:9001/mqtt";
var LED = D2;
var BUTTON = D4;

function start() {
  var client = require("mqtt-ws").connect(URL, {
    will: { topic: "lamp/status", payload: "lost", qos: 1, retain: true },
  });
  var lit = false;

  function light(on) {
    lit = on;
    digitalWrite(LED, lit);
    // What counts is how it is now: of several that could not be sent the last one is.
    client.publish("lamp/state", lit ? "on" : "off", { qos: 1, retain: true, policy: "latest" });
  }

  client.on("connect", function () {
    client.publish("lamp/status", "online", { qos: 1, retain: true });
  });
  client.on("lamp/set", function (topic, payload) {
    light(payload === "toggle" ? !lit : payload === "on");
  });
  client.on("error", function (error) {
    print(error.message);
  });
  // Remembered by the client: after a reconnect it is asked for again.
  client.subscribe("lamp/set", { qos: 1 });

  setWatch(
    function () {
      client.publish("button", "pressed", { qos: 1 });
      light(!lit);
    },
    BUTTON,
    { repeat: true, edge: "falling", debounce: 25 },
  );
}

function onInit() {
  pinMode(BUTTON, "input_pullup");
  // Afterwards the Wi-Fi comes and goes as it likes: the client connects again.
  require("Wifi").connect(WIFI.ssid, { password: WIFI.password }, function (error) {
    if (error) print("Wi-Fi: " + error);
    start();
  });
}
