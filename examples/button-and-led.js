// A button and a lamp over MQTT: the button says "pressed", and the lamp does what it is told with "on", "off" or
// "toggle". Works with any build of the module.
// To be saved to flash: the engine calls onInit after every start.
var WIFI = { ssid: "my network", password: "its password" };
var URL = "ws://joe:secret@192.168.1.10:9001/mqtt";
var LED = D2;
var BUTTON = D4;

var started = false;

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

function join() {
  require("Wifi").connect(WIFI.ssid, { password: WIFI.password }, function (error) {
    if (error) return print("Wi-Fi: " + error);
    if (!started) start();
    started = true;
  });
}

function onInit() {
  pinMode(BUTTON, "input_pullup");
  join();
  // Espruino does not join again by itself. The client connects again as soon as the Wi-Fi is there.
  require("Wifi").on("disconnected", function () {
    setTimeout(join, 5000);
  });
}
