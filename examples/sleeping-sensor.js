// A sensor on a battery: wake, measure, say it at QoS 1, wait until the broker has it, sleep. Nothing is lost that was
// confirmed, and whatever goes wrong, the board sleeps again after a while.
// To be saved to flash: the engine calls onInit after every start.
var WIFI = { ssid: "my network", password: "its password" };
var URL = "ws://joe:secret@192.168.1.10:9001/mqtt";
var SENSOR = D36;
var SLEEP_S = 300;
/** Most seconds awake: an access point that is gone must not empty the battery. */
var AWAKE_S = 30;

function sleep() {
  // Starts the program anew when it wakes.
  ESP32.deepSleep(SLEEP_S * 1000000);
}

function onInit() {
  var reading = { volts: analogRead(SENSOR) * 3.3, seconds: 0 };
  setTimeout(sleep, AWAKE_S * 1000);
  require("Wifi").connect(WIFI.ssid, { password: WIFI.password }, function (error) {
    if (error) return sleep();
    var client = require("mqtt-ws").connect(URL);
    reading.seconds = Math.round(getTime());
    client.publish("sensor/battery", reading, { qos: 1, retain: true }, function (error) {
      print(error ? error.message : "confirmed");
      client.end(false, {}, sleep);
    });
  });
}
