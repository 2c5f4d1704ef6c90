// The text of message number n: most are small, one in sixty is larger than a frame of the client or a chunk of the
// chip. Both sides use it, so it is ES5.

export function payloadOf(n: number): string {
  let text = [n, ""].join(" ");
  const length = n % 60 === 59 ? 1500 : (n * 37) % 120;
  while (text.length < length) text += "abcdefghijklmnopqrstuvwxyz012345 ";
  return text;
}
