// All of MQTT 3.1.1, for programs that need the memory themselves. The build leaves out, by its condition `smallest`:
//   short/       a message takes the general path, whose functions are made for each message

export { full as smallest } from "./full";
