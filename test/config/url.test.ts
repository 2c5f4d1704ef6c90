// mqtt.url: tables of good and bad values. A message about a bad URL must not quote any part of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hideSecrets, isLocal, parseUrl } from "#subject";
import { authorityOf } from "../../board/esp32/authority.ts";

/** `authority` is the value of the `Host` header. */
type Expected = Partial<Exclude<ReturnType<typeof parseUrl>, string>> & { authority?: string };
type Good = [url: string, expected: Expected];

const GOOD: Good[] = [
  ["ws://h", { host: "h", port: 80, path: "/", authority: "h", tls: 0, shown: "ws://h" }],
  ["wss://h", { host: "h", port: 443, path: "/", authority: "h", tls: 1, shown: "wss://h" }],
  ["ws://h:80", { port: 80, authority: "h", shown: "ws://h:80" }],
  ["ws://h:443", { port: 443, authority: "h:443" }],
  ["wss://h:443", { port: 443, authority: "h" }],
  ["wss://h:80", { port: 80, authority: "h:80" }],
  ["ws://h:1", { port: 1, authority: "h:1" }],
  ["ws://h:65535", { port: 65535 }],
  ["ws://h:00080", { port: 80, authority: "h" }],
  ["ws://h/", { path: "/", shown: "ws://h/" }],
  ["ws://h/mqtt", { path: "/mqtt", shown: "ws://h/mqtt" }],
  ["ws://h/a/b%20c;d=e", { path: "/a/b%20c;d=e" }],
  ["ws://h:8080/p?token=t", { port: 8080, path: "/p?token=t", shown: "ws://h:8080/p" }],
  ["ws://h?token=t", { path: "/?token=t", shown: "ws://h" }],
  ["ws://h?next=/a", { path: "/?next=/a", shown: "ws://h" }],
  ["ws://h/a?b/c?d", { path: "/a?b/c?d", shown: "ws://h/a" }],
  ["ws://h/?", { path: "/?", shown: "ws://h/" }],
  ["ws://h?", { path: "/?", shown: "ws://h" }],
  ["ws://Broker.Example.org", { host: "Broker.Example.org" }],
  ["ws://my_broker-1.local.", { host: "my_broker-1.local." }],
  ["ws://192.168.0.1:9001", { host: "192.168.0.1", port: 9001, authority: "192.168.0.1:9001" }],
  ["ws://[::1]", { host: "::1", port: 80, authority: "[::1]", shown: "ws://[::1]" }],
  ["ws://[::1]:8080/x", { host: "::1", port: 8080, authority: "[::1]:8080", path: "/x" }],
  [
    "ws://u:p@[fe80::1:2]:81",
    { host: "fe80::1:2", port: 81, user: "u", password: "p", shown: "ws://[fe80::1:2]:81" },
  ],
  ["ws://[::ffff:10.0.0.1]/", { host: "::ffff:10.0.0.1" }],
  ["ws://h", { user: undefined, password: undefined }],
  ["WS://h:81/Mqtt", { host: "h", port: 81, tls: 0, path: "/Mqtt", shown: "ws://h:81/Mqtt" }],
  ["wSS://u:P@h", { port: 443, tls: 1, user: "u", password: "P", shown: "wss://h" }],
  [
    "ws://u:p@h/mqtt?x=a@b",
    { host: "h", user: "u", password: "p", path: "/mqtt?x=a@b", shown: "ws://h/mqtt" },
  ],
  ["ws://u:p@h?x=a@b@c", { user: "u", password: "p", path: "/?x=a@b@c", shown: "ws://h" }],
  ["ws://h:81/mqtt?mail=a@b/c?d@e", { host: "h", port: 81, user: undefined, path: "/mqtt?mail=a@b/c?d@e" }],
  ["ws://u@h", { user: "u", password: undefined, shown: "ws://h" }],
  ["ws://u:@h", { user: "u", password: "" }],
  ["ws://@h", { user: "", password: undefined }],
  ["ws://:@h", { user: "", password: "" }],
  ["ws://u:p@h:81/x?y", { host: "h", port: 81, user: "u", password: "p", shown: "ws://h:81/x" }],
  ["ws://u:a:b@h", { user: "u", password: "a:b" }],
  ["ws://a%40b:c%3Ad%2fe%3f%23@h", { user: "a@b", password: "c:d/e?#" }],
  ["ws://%e2%82%ac:%E2%82%AC@h", { user: "\xe2\x82\xac", password: "\xe2\x82\xac" }],
  // A password is binary data (MQTT 3.1.3.5), a user name is text.
  ["ws://u:%00%ff@h", { user: "u", password: "\0\xff" }],
  ["ws://u%25:%2525@h", { user: "u%", password: "%25" }],
];

for (const [url, expected] of GOOD) {
  test(`url: ${url} is taken apart`, () => {
    const parsed = parseUrl(url);
    assert.ok(typeof parsed === "object", `refused: ${parsed}`);
    for (const [key, value] of Object.entries(expected)) {
      const found: unknown = key === "authority" ? authorityOf(parsed) : parsed[key as keyof typeof parsed];
      assert.equal(found, value, key);
    }
  });
}

const BAD: [url: string, why: RegExp][] = [
  ["", /ws:\/\//],
  ["ws:/secret", /ws:\/\//],
  ["http://secret", /ws:\/\//],
  ["mqtt://secret:1883", /ws:\/\//],
  ["secret", /ws:\/\//],
  [" ws://secret", /ws:\/\//],
  ["ws://", /host/],
  ["ws:///secret", /host/],
  ["ws://?secret", /host/],
  ["ws://secret@", /host/],
  ["ws://:81", /host/],
  ["ws://u:secret@:81", /host/],
  ["ws://sec ret", /percent-encoded/],
  ["ws://secret/\x7f", /percent-encoded/],
  ["ws://secret/a\r\nX-Header: b", /percent-encoded/],
  ["ws://secret/\xc3\xa9", /percent-encoded/],
  ["ws://secret/\0", /percent-encoded/],
  ["ws://h/secret#fragment", /%23/],
  ["ws://u:sec#ret@h", /%23/],
  ["ws://u:sec@ret@h", /%40/],
  ["ws://u:sec/ret@h", /%2F|port/],
  ["ws://u:12/secret@h/mqtt", /%2F|%40/],
  ["ws://u:12?secret@h/mqtt", /%3F|%40/],
  ["ws://u/secret@h", /%2F|%40/],
  ["ws://u?secret@h", /%3F|%40/],
  ["ws://u:p@h/secret@", /%40/],
  ["ws://u:p@h/secret@x?y", /%40/],
  ["ws://h/secret@x?y@z", /%40/],
  ["ws://u:sec?ret@h?x=y", /%3F|%40/],
  ["WSS:/secret", /ws:\/\//],
  ["Wsx://secret", /ws:\/\//],
  ["ws://secret:", /port/],
  ["ws://secret:x", /port/],
  ["ws://secret:8o", /port/],
  ["ws://secret:-1", /port/],
  ["ws://secret:+1", /port/],
  ["ws://secret:0x50", /port/],
  ["ws://secret:1e2", /port/],
  ["ws://secret:8.0", /port/],
  ["ws://secret:80:81", /port/],
  ["ws://secret:0", /1\.\.65535/],
  ["ws://secret:65536", /1\.\.65535/],
  ["ws://secret:99999999999999999999", /1\.\.65535/],
  ["ws://[::1", /host/],
  ["ws://[]", /host/],
  ["ws://[secret]", /host/],
  ["ws://[::1]x", /host/],
  ["ws://[::1]80", /host/],
  ["ws://x[::1]", /host/],
  ["ws://[fe80::1%25eth0]", /host/],
  ["ws://::1", /host/],
  ["ws://sec%72et", /host/],
  ["ws://sec$ret", /host/],
  ["ws://sec,ret", /host/],
  ["ws://u%:secret@h", /%/],
  ["ws://u:secret%@h", /%/],
  ["ws://u:secret%4@h", /%/],
  ["ws://u:secret%zz@h", /%/],
  ["ws://secret%ff@h", /UTF-8/],
  ["ws://secret%00@h", /UTF-8/],
  ["ws://secret%ed%a0%80:p@h", /UTF-8/],
];

for (const [url, why] of BAD) {
  test(`url: ${JSON.stringify(url)} is refused`, () => {
    const refusal = parseUrl(url);
    assert.ok(typeof refusal === "string", `taken as ${JSON.stringify(refusal)}`);
    assert.match(refusal, why);
    assert.doesNotMatch(refusal, /secret|sec|ret@|:12/, "what is wrong never quotes the URL");
  });
}

test("url: in the log it has no user, password or query", () => {
  const url = parseUrl("ws://joe:secret@h:81/path?token=secret");
  assert.ok(typeof url === "object");
  assert.equal(url.shown, "ws://h:81/path");
  assert.doesNotMatch(url.shown + url.host + authorityOf(url), /joe|secret/);
});

test("url: tokens in headers and user name become stars, in a hexdump of the same length", () => {
  const url = parseUrl("ws://t0ken-of-mine@h/p?sig=abcd");
  assert.ok(typeof url !== "string");
  url.headers = { Authorization: "Bearer xyz.123", "X-Key": "k3y" };
  assert.equal(hideSecrets(url, "t0ken-of-mine, xyz.123, k3y, Bearer, abcd"), "*, *, *, Bearer, *");
  assert.equal(hideSecrets(url, "<abcd>xyz.123<abcd", 1), "<****>*******<****");
});

test("url: secrets in a text become stars, very short ones stay", () => {
  const url = parseUrl("ws://joe:pass@h/p?token=abc&ab&x=y&k=v=w");
  assert.ok(typeof url !== "string");
  assert.equal(hideSecrets(url, "no abc, no pass, v=w, joe, ab, y"), "no *, no *, *, joe, ab, y");
  const none = parseUrl("ws://h/p");
  assert.ok(typeof none !== "string");
  assert.equal(hideSecrets(none, "as it is"), "as it is");
});

test("url: hosts of the local network are local, all others are not", () => {
  const local =
    "10.0.0.1 127.0.0.1 192.168.1.5 169.254.3.4 172.16.0.1 172.20.1.1 172.31.255.1 broker localhost a.local A.LAN " +
    "x.home.arpa b.internal a.localhost ::1 fd00::1 FE80::1 fc00::1 feb0::1";
  const foreign =
    "8.8.8.8 172.15.0.1 172.32.0.1 192.169.1.1 192.1.168.1 11.0.0.1 1.10.0.1 100.64.0.1 169.253.1.1 example.com " +
    "10.example.com 192.168.1.example.com local.example a.localx home.arpa.example x.arpa 2001:db8::1 ::2 fe00::1 fec0::1";
  for (const host of local.split(" ")) assert.equal(isLocal(host), true, host);
  for (const host of foreign.split(" ")) assert.equal(isLocal(host), false, host);
});
