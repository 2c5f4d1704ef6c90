// The names of the standard that Espruino's ESP32 build knows, found by asking an engine for each one that
// Node has. Only data. What is not listed here is deleted from the firmware's world.

/** The names that stay, by object, separated by blanks. */
export const KEPT: Record<string, string> = {
  global:
    "Object Function Array Number parseFloat parseInt Infinity NaN Boolean String Date Promise RegExp Error " +
    "ReferenceError SyntaxError TypeError globalThis JSON Math ArrayBuffer Uint8Array Int8Array Uint16Array " +
    "Int16Array Uint32Array Int32Array Float32Array Float64Array Uint8ClampedArray DataView " +
    "decodeURIComponent encodeURIComponent eval isFinite isNaN",
  Object:
    "length assign getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames create " +
    "defineProperties defineProperty getPrototypeOf setPrototypeOf keys entries fromEntries values",
  "Object.prototype": "hasOwnProperty toString valueOf",
  "Function.prototype": "length apply bind call toString",
  Array: "length isArray",
  "Array.prototype":
    "length concat fill find findIndex pop push reverse shift unshift slice sort splice includes indexOf join " +
    "forEach filter map every some reduce toString",
  String: "length fromCharCode",
  "String.prototype":
    "length charAt charCodeAt concat endsWith includes indexOf lastIndexOf match padEnd padStart repeat replace " +
    "replaceAll slice split substr substring startsWith toString trim toLowerCase toUpperCase valueOf",
  Number: "length MAX_VALUE MIN_VALUE NaN NEGATIVE_INFINITY POSITIVE_INFINITY",
  "Number.prototype": "toFixed toString valueOf",
  Math:
    "abs acos asin atan atan2 ceil cos exp floor log max min pow random round sign sin sqrt tan E LN10 LN2 " +
    "LOG10E LOG2E PI SQRT1_2 SQRT2",
  Date: "length now parse",
  "Date.prototype":
    "toString toISOString toUTCString getDate setDate getDay getFullYear setFullYear getHours setHours " +
    "getMilliseconds setMilliseconds getMinutes setMinutes getMonth setMonth getSeconds setSeconds getTime " +
    "setTime getTimezoneOffset getUTCDate getUTCDay getUTCFullYear getUTCHours getUTCMilliseconds " +
    "getUTCMinutes getUTCMonth getUTCSeconds valueOf toJSON",
  "RegExp.prototype": "exec source toString test flags global ignoreCase multiline",
  Error: "length stackTraceLimit",
  "Error.prototype": "message toString",
  ArrayBuffer: "length",
  "ArrayBuffer.prototype": "byteLength",
  Uint8Array: "length",
  "Object.getPrototypeOf(Uint8Array.prototype)":
    "buffer byteLength byteOffset length every fill filter find findIndex forEach includes indexOf join map " +
    "reverse reduce set slice some sort subarray toString",
  Promise: "length all resolve reject",
  "Promise.prototype": "then catch",
};
