// QoS 0 and 1 for boards with little memory. Left out:
//   qos2.ts      a board this small can repeat itself: subscribe and publish at QoS 1
//   encodeWill   presence needs a fuller device
//   the outbox in flash   a power cut loses what waits
//   words        reasons are given as numbers, the README has their table

import { ELSEWHERE } from "../config/check";
import { onConnack, onFinal, onPingresp, onPublish, onSuback } from "../mqtt/handlers";
import type { Profile } from "./profile";

export const tiny: Profile = {
  name: "tiny",
  handlers: {
    2: onConnack,
    3: onPublish,
    4: onFinal, // PUBACK
    9: onSuback,
    11: onFinal, // UNSUBACK
    13: onPingresp,
  },
  maxQos: 1,
  willRule: () => [ELSEWHERE, 0, 0, "full"],
  saveRule: () => [ELSEWHERE, 0, 0, "full"],
  words(reason) {
    return "reason 0x" + reason.toString(16);
  },
};
