// Espruino's tokens, as far as its JSON.parse uses them. The engine reads JSON with its lexer for programs, which is
// why it accepts so much that is not JSON. Works on byte strings; the grammar is in json.ts.

/** One token: `kind` as the engine names it in its errors, `value` for strings and numbers. */
export interface Token {
  kind: string;
  value?: string | number;
}

const RESERVED =
  /^(?:break|case|catch|class|const|continue|default|delete|do|debugger|else|extends|false|finally|for|function|if|in|instanceof|let|new|null|of|return|static|super|switch|this|throw|true|try|typeof|undefined|var|void|while)$/;
const ESCAPES: Record<string, string> = { n: "\n", b: "\b", f: "\f", r: "\r", t: "\t", v: "\v" };
const BLANK = /(?:[\t\n\v\f\r ]|\/\/[^\n]*\n?|\/\*[\s\S]*?\*\/)*/y;
const NUMBER = /0[xXbBoO][0-9a-fA-F_]*|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9_]*)?/y;
const WORD = /[A-Za-z_$][A-Za-z0-9_$]*/y;

/** Reads tokens off a byte string, one ahead. */
export class Lexer {
  token: Token = { kind: "EOF" };
  private at = 0;

  /** @param fail makes the error for a wrong escape sequence. */
  constructor(
    private readonly text: string,
    private readonly fail: (message: string) => Error,
  ) {
    this.next();
  }

  /** Moves to the next token. */
  next(): void {
    this.take(BLANK);
    this.token = this.read();
  }

  private read(): Token {
    const char = this.text[this.at];
    if (char === undefined || char === "\0") return { kind: "EOF" };
    // The engine skips an unfinished comment to the end.
    if (this.text.startsWith("/*", this.at)) return { kind: "EOF" };
    if (char === '"' || char === "'" || char === "`") return this.string(char);
    const number = this.take(NUMBER);
    if (number) return toNumber(number.replace(/_/g, ""));
    const word = this.take(WORD);
    if (word) return { kind: RESERVED.test(word) ? word : "ID", value: word };
    if (char === "/") return { kind: "REGEX" };
    const two = this.text.substr(this.at, 2);
    this.at += two === "--" || two === "-=" ? 2 : 1;
    if (two === "--" || two === "-=") return { kind: two };
    return { kind: char > "\x7f" ? `?[${char.charCodeAt(0)}]` : `'${char}'` };
  }

  private string(quote: string): Token {
    let value = "";
    for (this.at++; ; ) {
      const char = this.text[this.at++];
      if (char === quote) break;
      const open = char === undefined || char === "\0" || (char === "\n" && quote !== "`");
      if (open) return { kind: quote === "`" ? "UNFINISHED TEMPLATE LITERAL" : "UNFINISHED STRING" };
      if (quote === "`" && char === "$" && this.text[this.at] === "{") return { kind: "TEMPLATE LITERAL" };
      value += char === "\\" ? this.escape() : char;
    }
    return { kind: "STRING", value };
  }

  private escape(): string {
    const octal = this.take(/[0-7]{1,3}/y);
    if (octal) return byte(Number.parseInt(octal, 8));
    const char = this.text[this.at++] ?? "";
    if (char !== "u" && char !== "x") return ESCAPES[char] ?? char;
    const hex = this.take(char === "u" ? /[0-9a-fA-F]{4}/y : /[0-9a-fA-F]{2}/y);
    if (!hex) throw this.fail("Invalid escape sequence");
    // A code point above 255 loses its upper half: strings are bytes.
    return byte(Number.parseInt(hex, 16));
  }

  private take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }
}

function byte(code: number): string {
  return String.fromCharCode(code & 0xff);
}

function toNumber(text: string): Token {
  if (/^0[xXbBoO]/.test(text)) return { kind: "INT", value: Number(text.length > 2 ? text : 0) };
  if (/[.eE]/.test(text)) {
    return { kind: "FLOAT", value: Number.parseFloat(text) };
  }
  // A leading zero means octal, unless an 8 or a 9 follows; whole numbers wrap at 64 bits.
  const octal = /^0[0-7]+$/.test(text);
  return { kind: "INT", value: Number(BigInt.asIntN(64, BigInt(octal ? `0o${text}` : text))) };
}
