// QoS 0 and 1 for boards with little memory. Left out:
//   qos2.ts      no room for it: subscribe and publish at QoS 1
//   encodeWill   no room for it: take a bigger profile for presence
//   outbox-file.ts  a message that waits is lost with the power
//   words        reasons are given as numbers, docs/final-words.md has their table

import { ELSEWHERE } from "../config/check";
import type { Profile } from "../link/profile";
import { onConnack, onFinal, onPingresp, onPublish, onSuback } from "../mqtt/handlers";

export const tiny: Profile = {
  title: () => "tiny",
  handlers: {
    2: onConnack,
    3: onPublish,
    4: onFinal, // PUBACK
    9: onSuback,
    11: onFinal, // UNSUBACK
    13: onPingresp,
  },
  maxQos: 1,
  willFields: () => "",
  willRule: () => [ELSEWHERE, 0, 0, "full"],
  saveRule: () => [ELSEWHERE, 0, 0, "full"],
  words(reason) {
    return "reason 0x" + reason.toString(16);
  },
};
