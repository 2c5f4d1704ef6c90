// The tests of the core in the builds that differ from the usual one by what is imported in place of a part.
import { test } from "node:test";
import { filesIn, runCore } from "../support/core-run.ts";

const FILES = filesIn("test/mqtt");

test("the smallest build, without the short ways: the tests of the core pass", () =>
  runCore(["smallest"], FILES));

test("3.1.1 in a build with MQTT 5: the tests of the core pass", () =>
  runCore(["five"], FILES, { PROFILE: "v5" }));
