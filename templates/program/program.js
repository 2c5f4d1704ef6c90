// A lamp over MQTT: it obeys "on" and "off" on {{NAME}}/set, and its state is kept on {{NAME}}/state.
// It runs on a board with Espruino, and in the test. config.json in the board's Storage names the Wi-Fi and the broker.
var config = require("Storage").readJSON("config.json");
var LAMP = D2;

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
  client.subscribe("{{NAME}}/set", { qos: 1 }, function (error) {
    print(error ? error.message : "ready");
  });
}

// Joins the Wi-Fi, and again 10 s after each loss. The client connects again by itself.
function join() {
  var wifi = require("Wifi");
  var started = false;
  var waiting;

  function again() {
    if (!waiting) waiting = setTimeout(attempt, 10000);
  }

  function attempt() {
    waiting = undefined;
    wifi.connect(config.wifi.ssid, { password: config.wifi.password }, function (error) {
      if (error) {
        print("Wi-Fi: " + error);
        again();
      } else if (!started) {
        started = true;
        start();
      }
    });
  }

  wifi.on("disconnected", again);
  attempt();
}

// The engine calls it after every start.
function onInit() {
  join();
}
