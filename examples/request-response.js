// A request that names where its answer is to go and a number that the answer repeats, as MQTT 5 has them. The board
// answers requests to board/add, and asks itself one. Needs a v5 build of the module.
// To be saved to flash: the engine calls onInit after every start.
var WIFI = { ssid: "my network", password: "its password" };
var URL = "ws://joe:secret@192.168.1.10:9001/mqtt";
/** Seconds that an answer may take, and most requests that wait for theirs. */
var PATIENCE_S = 10;
var MOST = 4;

var started = false;

function start() {
  var mqtt = require("mqtt-ws");
  var client = mqtt.connect(URL, { protocolVersion: 5 });
  var mine = "board/" + getSerial() + "/answers";
  var waiting = {};
  var last = 0;

  /** Calls back with an error, or with the answer. */
  function request(topic, payload, callback) {
    var id = "" + ++last;
    if (Object.keys(waiting).length >= MOST) return callback("too many requests");
    waiting[id] = { callback: callback, timer: setTimeout(done, PATIENCE_S * 1000, id, "no answer") };
    client.publish(
      topic,
      payload,
      { qos: 1, properties: { responseTopic: mine, correlationData: id } },
      function (error) {
        if (error) done(id, error.message);
      },
    );
  }
  function done(id, error, answer) {
    var call = waiting[id];
    if (!call) return;
    delete waiting[id];
    clearTimeout(call.timer);
    call.callback(error, answer);
  }
  client.on(mine, function (topic, payload, packet) {
    done(packet.properties.correlationData, undefined, mqtt.fromJson(payload));
  });

  // The other side: whoever asks decides where the answer goes, so look at it.
  client.on("board/add", function (topic, payload, packet) {
    var to = packet.properties.responseTopic;
    var numbers = mqtt.fromJson(payload);
    if (!to || to.substr(0, 6) !== "board/" || !Array.isArray(numbers)) return;
    client.publish(
      to,
      { sum: numbers[0] + numbers[1] },
      {
        qos: 1,
        properties: { correlationData: packet.properties.correlationData },
      },
    );
  });

  client.subscribe([mine, "board/add"], { qos: 1 }, function (error) {
    if (error) return print(error.message);
    request("board/add", [20, 22], function (error, answer) {
      print(error || "the sum is " + answer.sum);
    });
    request("board/nobody", [], function (error) {
      print("nobody: " + error);
    });
  });
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
