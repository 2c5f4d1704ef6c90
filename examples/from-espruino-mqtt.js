// From Espruino's own MQTT module (plain TCP) to this one (WebSocket). What stood there before is in the comments.
// To be saved to flash: the engine calls onInit after every start.
var WIFI = { ssid: "my network", password: "its password" };

var started = false;

function start() {
  // var mqtt = require("MQTT").create("192.168.1.10", {
  //   client_id: "garden", username: "joe", password: "secret", keep_alive: 60, clean_session: true });
  var mqtt = require("mqtt-ws").connect("ws://192.168.1.10:9001/mqtt", {
    clientId: "garden",
    username: "joe",
    password: "secret",
    keepalive: 45, // many proxies close a silent connection after 60 s
    clean: true,
  });

  // mqtt.on("connected", function () { mqtt.subscribe("garden/valve"); });
  // Subscribing once is enough: it is done again after a reconnect.
  mqtt.subscribe("garden/valve");
  mqtt.on("connect", function () {
    print("connected");
    // mqtt.publish("garden/status", "here", { retain: true });
    mqtt.publish("garden/status", "here", { retain: true });
  });

  // mqtt.on("publish", function (pub) { print(pub.topic, pub.message); });   or "message"
  mqtt.on("message", function (topic, message) {
    print(topic, message);
  });

  // mqtt.on("disconnected", function () { setTimeout(function () { mqtt.connect(); }, 1000); });
  // It connects again by itself, and what was published meanwhile is sent then.
  mqtt.on("close", function () {
    print("disconnected");
  });
  // mqtt.on("error", ...)
  mqtt.on("error", function (error) {
    print(error.message);
  });

  // mqtt.connect();   is not needed.   mqtt.disconnect();   is   mqtt.end();
}

function join() {
  require("Wifi").connect(WIFI.ssid, { password: WIFI.password }, function (error) {
    if (error) return print("Wi-Fi: " + error);
    if (!started) start();
    started = true;
  });
}

function onInit() {
  join();
  // Espruino does not join again by itself. The client connects again as soon as the Wi-Fi is there.
  require("Wifi").on("disconnected", function () {
    setTimeout(join, 5000);
  });
}
