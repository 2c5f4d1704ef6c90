// A lamp over MQTT: it obeys "on" and "off" on {{NAME}}/set, and its state is kept on {{NAME}}/state.
// It runs on a board with Espruino, and in the test. config.json in the board's Storage names the Wi-Fi and the broker.
var config = require("Storage").readJSON("config.json");
var LAMP = D2;
var started = false;

function start() {
  var client = require("mqtt-ws").connect(config.mqtt.url, { clientId: "{{NAME}}" });

  function light(on) {
    digitalWrite(LAMP, on);
    client.publish("{{NAME}}/state", on ? "on" : "off", { qos: 1, retain: true, policy: "latest" });
  }

  client.on("connect", function () {
    print("connected");
  });
  client.on("error", function (error) {
    print(error.message);
  });
  client.on("{{NAME}}/set", function (topic, payload) {
    light(payload === "on");
  });
  client.subscribe("{{NAME}}/set", { qos: 1 });
}

function join() {
  require("Wifi").connect(config.wifi.ssid, { password: config.wifi.password }, function (error) {
    if (error) return print("Wi-Fi: " + error);
    if (!started) start();
    started = true;
  });
}

// The engine calls it after every start.
function onInit() {
  join();
  // Espruino does not join again by itself. The client connects again as soon as the Wi-Fi is there.
  require("Wifi").on("disconnected", function () {
    setTimeout(join, 5000);
  });
}
