// One program for three places (same-program.test.ts): npm `mqtt` in Node, our module on the virtual board, our module on
// the real engine. Around it: `mqtt`, `url`, `print`. All that differs between them is what "" + payload hides, that a
// callback has null or undefined in place of no error, and when things happen that do not depend on each other.
var client = mqtt.connect(url, {
  clientId: "same",
  username: "joe",
  password: "secret",
  keepalive: 30,
  clean: true,
  reconnectPeriod: 1000,
  connectTimeout: 10000,
  will: { topic: "same/will", payload: "gone", qos: 1, retain: false },
});
var steps = [];
var waiting = {};
var connects = 0;

function next() {
  var step = steps.shift();
  if (step) step();
}
// Goes on when both are there: the broker decides which comes first.
function both(names) {
  waiting = {};
  var i;
  for (i = 0; i < names.length; i++) waiting[names[i]] = "";
}
function came(name, text) {
  waiting[name] = text;
  var each;
  for (each in waiting) if (waiting[each] === "") return;
  for (each in waiting) print(each + ": " + waiting[each]);
  next();
}
function outcome(err) {
  return err ? "failed" : "fine";
}
function send(topic, payload, options) {
  both(["published", "message"]);
  client.publish(topic, payload, options, (err) => {
    came("published", outcome(err));
  });
}
function shown(granted) {
  var text = "";
  var i;
  for (i = 0; i < granted.length; i++) text += granted[i].topic + " at " + granted[i].qos + "; ";
  return text;
}

client.on("connect", (packet) => {
  print("connect, session present: " + packet.sessionPresent + ", connected: " + client.connected);
  if (++connects === 1) next();
  else came("there again", connects);
});
client.on("message", (topic, payload, packet) => {
  var text = "" + payload;
  if (text.length > 60) text = text.length + " bytes, ends with " + text.substr(-10);
  came(
    "message",
    topic + " = " + text + ", QoS " + packet.qos + ", retain " + packet.retain + ", " + packet.cmd,
  );
});
client.on("close", () => {
  print("close, connected: " + client.connected);
});
client.on("offline", () => {
  print("offline");
  // Waits for the connection.
  both(["published", "there again"]);
  client.publish("same/elsewhere", "said offline", { qos: 1 }, (err) => {
    came("published", outcome(err));
  });
});
client.on("reconnect", () => {
  print("reconnect");
});
client.on("end", () => {
  print("end");
});

steps = [
  () => {
    client.subscribe("same/a/+", { qos: 2 }, (err, granted) => {
      print("subscribed: " + outcome(err) + ", " + shown(granted));
      next();
    });
  },
  () => {
    client.subscribe(["same/b", "same/c/#"], (err, granted) => {
      print("subscribed: " + outcome(err) + ", " + shown(granted));
      next();
    });
  },
  () => {
    client.subscribe({ "same/d": { qos: 1 }, "same/e": { qos: 0 } }, (err, granted) => {
      print("subscribed: " + outcome(err) + ", " + shown(granted));
      next();
    });
  },
  () => {
    send("same/a/zero", "at most once", {});
  },
  () => {
    send("same/a/one", "at least once", { qos: 1 });
  },
  () => {
    send("same/a/two", "exactly once", { qos: 2 });
  },
  () => {
    send("same/b", "less than asked for", { qos: 1 });
  },
  () => {
    send("same/a/empty", "", { qos: 1 });
  },
  () => {
    send("same/c/d/e", "21.5 degrees", { qos: 1 });
  },
  () => {
    var long = "";
    while (long.length < 3000) long += "0123456789";
    send("same/a/long", long, { qos: 1 });
  },
  () => {
    // Options may be left out.
    both(["published", "message"]);
    client.publish("same/a/zero", "without options", (err) => {
      came("published", outcome(err));
    });
  },
  () => {
    client.publish("same/kept", "kept", { qos: 1, retain: true }, () => {
      both(["subscribed", "message"]);
      client.subscribe("same/kept", { qos: 1 }, (err, granted) => {
        came("subscribed", outcome(err) + ", " + shown(granted));
      });
    });
  },
  () => {
    send("same/kept", "", { qos: 1, retain: true });
  },
  () => {
    client.unsubscribe(["same/b", "same/kept"], (err) => {
      print("unsubscribed: " + outcome(err));
      client.publish("same/b", "nobody hears that", { qos: 1 });
      send("same/d", "but this", { qos: 1 });
    });
  },
  () => {
    // Whoever runs this takes the connection away now.
    both(["never"]);
    print("cut");
  },
];
// It goes on once what was said offline has arrived.
steps.push(() => {
  client.subscribe("same/f", (err, granted) => {
    print("subscribed: " + outcome(err) + ", " + shown(granted));
    next();
  });
});
steps.push(() => {
  send("same/a/one", "subscribed as before", { qos: 1 });
});
steps.push(() => {
  client.publish("same/elsewhere", "acknowledged before the end", { qos: 1 }, (err) => {
    print("published: " + outcome(err));
  });
  client.end(false, {}, () => {
    print("ended, connected: " + client.connected);
    print("done");
  });
});
