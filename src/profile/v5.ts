// MQTT 5, and 3.1.1 for servers that do not speak it. Left out, to be imported by an application that needs it:
//   v5/auth.ts       enhanced authentication
//   v5/calls.ts      requests and their responses

import { load } from "../link/outbox-file";
import type { Profile } from "../link/profile";
import { encodeWill } from "../mqtt/encode";
import { onPingresp } from "../mqtt/handlers";
import { onAnswer5 } from "../mqtt/v5/answers";
import { onConnack5 } from "../mqtt/v5/connack";
import { onDisconnect5 } from "../mqtt/v5/ending";
import { onPublish5 } from "../mqtt/v5/incoming";
import { full } from "./full";

export const v5: Profile = {
  title: () => "v5",
  handlers: {
    2: onConnack5,
    3: onPublish5,
    4: onAnswer5, // PUBACK
    5: onAnswer5, // PUBREC
    6: onAnswer5, // PUBREL
    7: onAnswer5, // PUBCOMP
    9: onAnswer5, // SUBACK
    11: onAnswer5, // UNSUBACK
    13: onPingresp,
    14: onDisconnect5,
  },
  maxQos: 2,
  willFields: encodeWill,
  willRule: full.willRule,
  saveRule: full.saveRule,
  load,
  words: full.words,
};
