// Calls of the built-in functions that the bundles use, over inputs at the edge: empty, longer than the other, at the
// end, negative, not a number, with leading zeros or white space. Only data. The answers of an engine are in
// built-ins.json.

const TEXTS = ['""', '"a"', '"ab"', '"aa"', '"aaa"', '"abcab"', '"abc\\r"', '",a,,b,"'];
const WANTED = [
  '""',
  '"a"',
  '"b"',
  '"ab"',
  '"aa"',
  '"cab"',
  '"abx"',
  '"\\r\\n"',
  '"\\r\\n\\r\\n"',
  '"abcdefgh"',
];
const PLACES = ["0", "2", "3", "-1", "-9", "9", "NaN", "undefined", "null", '"1"', "1.9"];
const LENGTHS = ["0", "1", "2", "9", "-1", "NaN", "undefined", "2147483647"];
const NUMBERS = ["0", "1", "-1", "9.5", "-0.5", "255", "256", "1e3", "1e21", "1e-7", "0.1+0.2", "1/3", "NaN"];
const WIDE = ["2147483647", "2147483648", "-2147483648", "4294967295", "4294967296", "1/0", "-1/0"];
const NUMERALS = [
  '""',
  '" "',
  '"0"',
  '"00"',
  '"7"',
  '"007"',
  '"010"',
  '"09"',
  '"0x1f"',
  '"1f"',
  '"x"',
  '"-5"',
  '"- 5"',
  '"+5"',
  '"--5"',
  '" 5"',
  '"5 "',
  '"\\t5\\n"',
  '"5x"',
  '"5 6"',
  '"5."',
  '".5"',
  '"."',
  '"-"',
  '"1e3"',
  '"1e"',
  '"1_000"',
  '"0b11"',
  '"0o17"',
  '"65535"',
  '"4294967296"',
  '"99999999999999999999"',
  '"Infinity"',
  '"NaN"',
  '"true"',
];
const OTHERS = ["undefined", "null", "true", "false", "[]", "[5]", "[1,2]", "({})"];
const LISTS = ["[]", "[1]", "[1,2,3]", '["a","b","a"]', "[NaN]", "[undefined]", "[null,,2]"];

/** Each pair of a receiver and arguments, as the source of a call. */
function calls(receivers: string[], method: string, ...lists: string[][]): string[] {
  let given = [[]] as string[][];
  for (const list of lists) given = given.flatMap((before) => list.map((one) => [...before, one]));
  return receivers.flatMap((receiver) => given.map((args) => `${receiver}.${method}(${args})`));
}

/** Each argument, in a call or behind an operator. */
function each(before: string, list: string[], after = ")"): string[] {
  return list.map((one) => `${before}${one}${after}`);
}

/** A statement that changes a list, then the list. */
function changes(lists: string[], call: string): string[] {
  return lists.map((list) => `(function(l){var r=l.${call};return [r,l]})(${list})`);
}

const INDEX = ["", "0", "1", "2", "3", "-1", "-9", "9", "undefined"];

/** Calls by the name of what they call, as test/bundle/built-ins.ts finds it. */
export const ROWS: Record<string, string[]> = {
  // When it settles, test/testing/module.test.ts shows.
  Promise: ["typeof Promise", "typeof new Promise(function(a){a(1)}).then"],
  "unary +": [...each("+", [...NUMERALS, ...OTHERS], "")],
  "text +": [
    ...each(
      '""+',
      ["0", "-0", ...NUMBERS.slice(1), ...WIDE, ...OTHERS].map((one) => `(${one})`),
      "",
    ),
  ],
  bits: ["|0", ">>>0", ">>>16", "&65535"].flatMap((bits) =>
    [...NUMBERS, ...WIDE, '"12"', '"x"', "undefined"].map((one) => `(${one})${bits}`),
  ),
  compare: ["<", ">", "<=", "=="].flatMap((sign) =>
    ['""', '"a"', '"ab"', '"\\xff"', '"10"'].flatMap((left) =>
      ['"a"', '"9"'].map((right) => `${left}${sign}${right}`),
    ),
  ),
  ".charAt": calls(['""', '"abc"'], "charAt", INDEX),
  ".charCodeAt": calls(['""', '"ab\\xff"'], "charCodeAt", INDEX),
  ".indexOf": [
    ...calls(TEXTS, "indexOf", WANTED),
    ...calls(['"abcab"'], "indexOf", ['"a"', '"ab"', '""'], PLACES),
    ...calls(LISTS, "indexOf", ["1", '"a"', "NaN", "undefined", '"1"', "3"]),
    ...calls(["[1,2,1]"], "indexOf", ["1"], ["0", "1", "3", "-1", "-9"]),
  ],
  ".split": [
    ...calls(TEXTS, "split", [...WANTED, '","', "undefined"]),
    ...calls(['"aaaa"', '"ababab"', '"a\\r\\n\\r\\n\\r\\nb"'], "split", ['"aa"', '"abab"', '"\\r\\n\\r\\n"']),
    ...calls(['"a1b2"', '"1"'], "split", ["1", "/[0-9]/"]),
    'typeof "a".split()',
  ],
  ".substr": [
    ...calls(['""', '"abc"'], "substr", PLACES),
    ...calls(['""', '"abc"'], "substr", ["0", "1", "3", "-2", "-9", "9"], LENGTHS),
  ],
  ".substring": [
    ...calls(['"abc"'], "substring", PLACES),
    ...calls(['""', '"abc"'], "substring", ["0", "1", "3", "-2", "9"], LENGTHS),
  ],
  ".slice": [
    ...calls(['"abc"', "[1,2,3]"], "slice", PLACES),
    ...calls(['""', '"abc"', "[]", "[1,2,3]"], "slice", ["0", "1", "3", "-2", "9"], LENGTHS),
  ],
  ".trim": calls(['""', '" "', '" a b "', '"\\t\\n\\v\\f\\r x\\t"', '"\\xa0x"', '"\\x00x\\x00"'], "trim", [
    "",
  ]),
  ".toLowerCase": calls(['""', '"aBZ[`{"', '"\\xc9\\xe9"'], "toLowerCase", [""]),
  ".replace": [
    ...calls(TEXTS, "replace", ['"a"', '"ab"', '""', '"abcdefgh"'], ['"-"']),
    ...calls(TEXTS, "replace", ["/a/", "/a/g", "/[^a]/g", "/./g", "/b|c/g"], ['"*"']),
    ...calls(
      ['"a.b"'],
      "replace",
      ["/\\./g", '"."'],
      ['"$"', '"$&"', '"$$"', '"$1"', '"<$0>"', "5", "undefined"],
    ),
    '"abc".replace(/[^a]+/,"-")',
    '"a".replace(/b+/g,"-")',
    '"ab".replace(/(a)(b)/,"$2$1")',
    '"aa".replace(/a/g,function(m){return m+m})',
    '"a\\nb\\x7f\\x80".replace(/[\\x00-\\x1f\\x7f]/g,".")',
    '"\\xc2\\x80\\xc2\\xa0\\xc2".replace(/\\xc2[\\x80-\\x9f]/g,".")',
  ],
  ".test": [
    "/^a/",
    "/b$/",
    "/^$/",
    "/a|^b/",
    "/[^a]/",
    "/[a-b]+c/",
    "/^a*$/i",
    "/\\r/",
    "/^[ab]+$/",
    "/./",
    "/^[^b]+$/",
    "/a.+/",
  ].flatMap((pattern) => each(`${pattern}.test(`, [...TEXTS, '"B"', '"\\n"', "12", "undefined"])),
  ".concat": [
    ...calls(["[]", "[1]"], "concat", ["", "2", "[]", "[2,[3]]", "undefined", "[2],3", "undefined,5"]),
    "[].concat.apply([],[[1],[2,3]])",
    "[].concat.apply([],[])",
    ...calls(['"a"'], "concat", ["", '"b"', "1", '"b","c"']),
  ],
  ".join": [
    ...calls(LISTS, "join", ["", '","', '""', '"--"', "undefined"]),
    "[[1,2],[3]].join()",
    "[true,-1,0.5].join(' ')",
  ],
  ".push": changes(["[]", "[1]"], "push(2)").concat(changes(["[]"], "push(2,3)")),
  ".pop": changes(["[]", "[1]", "[1,2]"], "pop()"),
  ".shift": changes(["[]", "[1]", "[1,2]"], "shift()"),
  ".splice": ["0,1", "1,1", "0,0,9", "1,0,8,9", "3,0,9", "9,1", "-1,1", "0,9", "1", "0,-1"].flatMap((args) =>
    changes(["[]", "[1,2,3]"], `splice(${args})`),
  ),
  ".sort": [
    "[3,1,2].sort(function(a,b){return a-b})",
    "[3,1,2].sort(function(a,b){return b-a})",
    "[].sort(function(a,b){return a-b})",
    "[{r:-50,n:1},{r:-40,n:2},{r:-50,n:3},{r:-60,n:4}].sort(function(a,b){return b.r-a.r}).map(function(x){return x.n})",
    '["b","a","B",""].sort()',
    "[10,9,1].sort()",
    "[5,3,8,1,9,2,7,4,6,0,3,5].sort(function(a,b){return a-b})",
    "[21,11,32,12,22,31,41,13,23,33,42,43].sort(function(a,b){return a%10-b%10})",
  ],
  "Array.isArray": each("Array.isArray(", ["", ...OTHERS, '"a"', "5", "new Uint8Array(1)", "arguments"]),
  ".hasOwnProperty": calls(["({a:1,b:undefined})", "[7]", "Object.create({a:1})"], "hasOwnProperty", [
    '"a"',
    '"b"',
    '"on"',
    '"toString"',
    '""',
    "0",
    '"0"',
    '"length"',
  ]),
  "Object.create": [
    "Object.create({a:1}).a",
    "(function(){var p={a:1},o=Object.create(p);o.a=2;return [o.a,p.a]})()",
    "(function(){var o=Object.create({a:1}),l=[];o.b=2;for(var k in o)l.push(k);return l})()",
  ],
  ".toString": [
    ...NUMBERS.concat(WIDE).map((one) => `(${one}).toString()`),
    ...["0", "9", "10", "255", "-255", "65536", "4294967295", "4294967296", "1e12", "NaN", "1.5"].map(
      (one) => `(${one}).toString(16)`,
    ),
    "[1,[2,3]].toString()",
    '"a".toString()',
    "(true).toString()",
  ],
  ".toFixed": [
    "0",
    "1",
    "-1",
    "1.0005",
    "2.5",
    "0.1",
    "-0.0004",
    "999.9995",
    "123456789",
    "NaN",
    "1/0",
    "1e21",
  ].flatMap((one) => [`(${one}).toFixed(3)`, `(${one}).toFixed(0)`]),
  parseInt: [
    ...each("parseInt(", NUMERALS, ",10)"),
    ...each("parseInt(", NUMERALS, ",16)"),
    ...each("parseInt(", ["undefined", "null", "12.9", "-12.9", "NaN"], ",10)"),
    ...each("parseInt(", ['"ff"', '"FF"', '"fg"', '"g"', '"0xff"'], ",16)"),
  ],
  Boolean: each("Boolean(", ["", '""', '"0"', "0", "1", "NaN", "null", "300", "[]"]),
  "String.fromCharCode": each("String.fromCharCode(", [
    "",
    "65",
    "65,66",
    "256",
    "321",
    "-1",
    "0",
    "65.9",
    "NaN",
    '"66"',
  ]),
  "Math.round": each("Math.round(", [
    "0.5",
    "-0.5",
    "1.5",
    "-1.5",
    "2.5",
    "0.49999",
    "NaN",
    "1e12",
    '"2.5"',
    "undefined",
  ]),
  "JSON.stringify": each("JSON.stringify(", [
    '""',
    '"a\\"b\\\\c"',
    '"\\n\\t\\x01\\x1f"',
    '"\\x7f\\xe9"',
    '"</"',
    "0",
    "-1.5",
    "1e21",
    "NaN",
    "1/0",
    "true",
    "null",
    "undefined",
    "function(){}",
    "[]",
    "[undefined,function(){}]",
    "[1,[2]]",
    "({})",
    '({a:undefined,b:null,"c d":1,"":2})',
    "({f:function(){}})",
    "new Uint8Array([1,2])",
    "({toJSON:function(){return 5}})",
    '({a:1,b:[{c:"d"}]})',
  ]),
  "JSON.parse": each("JSON.parse(", [
    "'\"a\"'",
    "'[1,2]'",
    '\'{"a":{"b":[]}}\'',
    "' 5 '",
    "'-0'",
    "'1e400'",
    "5",
    "null",
    "undefined",
    "''",
  ]),
  Int32Array: [
    "new Int32Array(new ArrayBuffer(8)).length",
    "new Int32Array(new ArrayBuffer(7)).length",
    "new Int32Array(new Uint8Array([1,2,3,4,5,6,7]).buffer,1)[0]",
    "new Int32Array(new Uint8Array([1,2,3,4,5,6,7]).buffer,4,2)[0]",
    "new Int32Array(new Uint8Array([1,2,3,4,5,6,7]).buffer,4,2)[9]",
    "new Int32Array(2)[5]",
    "(function(){var a=new Int32Array(1);a[0]=4294967295;return a[0]})()",
    "(function(){var a=new Int32Array(1);a[0]=1.9;return a[0]})()",
    '(function(){var a=new Int32Array(1);a[0]="x";return a[0]})()',
    "(function(){var a=new Int32Array(1);a[0]^=a[7];return a[0]})()",
  ],
  ".filter": [
    "[].filter(function(x){return 1})",
    "['a','fw.1','fw'].filter(function(x){return x.substr(0,3)==='fw.'})",
    "[0,1,2].filter(function(x,i){return i})",
    "[1,2].filter(function(){})",
  ],
  ".set": [
    "(function(a){a.set([5,6]);return a})(new Uint8Array(3))",
    "(function(a){a.set([5,6],1);return a})(new Uint8Array(3))",
    "(function(a){a.set(new Uint8Array([7,8,9]));return a})(new Uint8Array(3))",
    "(function(a){a.set([]);return a})(new Uint8Array([1,2]))",
    "(function(a){a.set([300,-1]);return a})(new Uint8Array(2))",
  ],
  Uint8Array: [
    "new Uint8Array([1,2,3]).length",
    "new Uint8Array([255,256,-1,1.9,NaN]).join()",
    "new Uint8Array(new Uint8Array([1,2,3]).buffer,1,1).join()",
    "new Uint8Array(new Int32Array([1,2]).buffer).join()",
    "new Uint8Array(3).byteLength",
    "new Uint8Array(new Uint8Array([1,2,3,4]).buffer,2).byteOffset",
    "new Uint8Array(new Uint8Array([1,2,3,4]).buffer,1,2).byteLength",
    "new Uint8Array(2)[2]",
  ],
  parseFloat: [
    ...each(
      "parseFloat(",
      NUMERALS.filter((one) => one.length < 12),
    ),
    ...each(
      "parseFloat(",
      ["0", "7", "007", "010", "09", "12.5", "012.5", "0.5", "", "100"].map((one) => `"${one}."`),
    ),
  ],
  "Math.random": ["typeof Math.random()", "Math.random()<1"],
  ".apply": [
    "(function(){return arguments.length}).apply(null,[])",
    "(function(a,b){return b}).apply(null,[1,2])",
  ],
  ".call": [
    "(function(a){return [this.x,a]}).call({x:1},2)",
    "(function(){return arguments.length}).call({})",
  ],
  Error: [
    'new Error("a").message',
    'String(new Error("a"))',
    "new Error().message",
    'new Error("a") instanceof Error',
  ],
  Function: ['new Function("return 5")()', 'Function("a","b","return a+b")(1,2)'],
};
