// Small programs and the lines that the engine prints for them. Every test run runs them on the virtual board, and on a
// real engine if ESPRUINO names one. Only data. Each program prints lines that begin with "= ".

export interface Script {
  name: string;
  code: string;
  lines: string[];
  /** Only engines whose strings are bytes (ESP32 builds) print this. */
  bytes?: boolean;
}

/** Defines `p(...)`, which each program calls. */
export const PRELUDE =
  'function p(a,b,c){print("= "+[a,b,c].filter(function(x){return x!==undefined}).join(" "))}\n';

export const SCRIPTS: Script[] = [
  {
    name: "emit is queued, and calls listeners with the object as this",
    code: 'var o={};o.on("a",function(x,y){p("heard",x+y,this===o)});o.emit("a",1,2);p("emitted")',
    lines: ["emitted", "heard 3 true"],
  },
  {
    name: "a queued event loses a listener that is removed, but not to removeAllListeners",
    code: `var o={},f=function(){p("removed")};
o.on("a",f);o.emit("a");o.removeListener("a",f);
o.on("b",function(){p("kept")});o.emit("b");o.removeAllListeners("b");o.emit("b");`,
    lines: ["kept"],
  },
  {
    name: "the same listener twice is called twice and removed once",
    code: `var o={},n=0,f=function(){n++};o.on("a",f);o.on("a",f);o.emit("a");o.removeListener("a",f);o.emit("a");
setTimeout(function(){p(n)},100)`,
    lines: ["2"],
  },
  {
    name: "a listener that removes the next one does not keep it from running, but all behind it",
    code: `var o={};function f(n){return function(){p(n)}}var b=f("b");
o.on("x",function(){p("a");o.removeListener("x",b)});o.on("x",b);o.on("x",f("c"));o.emit("x")`,
    lines: ["a", "b"],
  },
  {
    name: "a view takes the bytes of an ArrayBuffer",
    code: "var u=new Uint8Array(4);u.set(new Uint8Array([1,2]).buffer,1);p(u.join())",
    lines: ["0,1,2,0"],
  },
  {
    name: "a listener that removes itself disturbs nobody",
    code: `var o={};function a(){p("a");o.removeListener("x",a)}
o.on("x",a);o.on("x",function(){p("b")});o.on("x",function(){p("c")});o.emit("x")`,
    lines: ["a", "b", "c"],
  },
  {
    name: "a listener added while the event is handled waits for the next one",
    code: 'var o={};o.on("x",function(){p("old");o.on("x",function(){p("new")})});o.emit("x")',
    lines: ["old"],
  },
  {
    name: "on, emit and their errors",
    code: `var o={};function t(f){try{f();p("fine")}catch(e){p(String(e))}}
t(function(){o.emit("x",1,2,3,4)});t(function(){o.emit("x",1,2,3,4,5)});t(function(){"x".on("a",t)});
t(function(){o.on("a",5)});t(function(){o.on(5,t)});p(typeof o.once,typeof o.prependListener);
o.on("a",t);p(Object.keys(o).join())`,
    lines: [
      "fine",
      "TypeError: Too many arguments (>4)",
      "TypeError: Parent must be an object - not a String, Integer, etc",
      "TypeError: Second argument must be a function or a String",
      "TypeError: First argument must be String",
      "undefined function",
      "#ona",
    ],
  },
  {
    name: "an exception in a listener does not stop the others, and the last one is reported",
    code: `var o={};process.on("uncaughtException",function(e){p("caught",e)});
o.on("x",function(){throw "one"});o.on("x",function(){p("second");throw "two"});o.emit("x");`,
    lines: ["second", "caught two"],
  },
  {
    name: "timers run in the order they were set, before queued events",
    code: `var o={};o.on("x",function(){p("event")});
setTimeout(function(){p("late");o.emit("x")},2);setTimeout(function(){p("early")},1);
var t=getTime();while(getTime()<t+0.01);`,
    lines: ["late", "early", "event"],
  },
  {
    name: "a late interval catches up, one call a turn",
    code: `var n=0,i,o={};o.on("x",function(){p("event",n)});
i=setInterval(function(){n++;o.emit("x");if(n==3)clearInterval(i)},10);var t=getTime();while(getTime()<t+0.035);`,
    lines: ["event 1", "event 2", "event 3"],
  },
  {
    name: "clearing timers",
    code: `try{clearTimeout(undefined)}catch(e){p(String(e))}try{changeInterval(99,1)}catch(e){p(String(e))}
try{setTimeout(5)}catch(e){p(String(e))}clearTimeout(99);
setTimeout(function(){p("never")},1);clearInterval();setTimeout(function(a){p("arguments",a)},1,7)`,
    lines: [
      "Error: clearTimeout(undefined) not allowed. Use clearTimeout() instead",
      "Error: Unknown Interval",
      "Error: Function or String not supplied!",
      "arguments 7",
    ],
  },
  {
    name: "random numbers begin the same after every boot, and a seed may cripple them",
    code: `p(Math.random().toFixed(8),Math.random().toFixed(8));E.srand(0);p(Math.random(),Math.random());
E.srand(12345);p(Math.random().toFixed(8),E.hwRand())`,
    lines: ["0.93255274 0.70772356", "0 0", "0.10348034 995493390"],
  },
  {
    name: "what a standard engine has and Espruino lacks",
    code: `p([typeof Map,typeof Set,typeof Symbol,typeof WeakMap,typeof Proxy,typeof RangeError,typeof encodeURI].join());
p([typeof Object.freeze,typeof [].reduceRight,typeof [].lastIndexOf,typeof "".localeCompare,typeof "".search,
typeof (1).toPrecision,typeof Date.UTC,typeof Math.trunc,typeof Number.isInteger].join());
p([typeof "".lastIndexOf,typeof "".includes,typeof [].includes,typeof Object.assign,typeof InternalError].join())`,
    lines: [
      "undefined,undefined,undefined,undefined,undefined,undefined,undefined",
      "undefined,undefined,undefined,undefined,undefined,undefined,undefined,undefined,undefined",
      "function,function,function,function,function",
    ],
  },
  {
    name: "bytes to strings and back",
    code: `p(E.toString([65,[66,67],"D"]),E.toString(new Uint8Array([97,98]).buffer),E.toString({data:69,count:3}));
p(E.toUint8Array("ab",3,[4]).join(),E.toArrayBuffer("abc").byteLength,E.toArrayBuffer(5)===undefined);
p(btoa("abc"),atob("YWJj"),btoa(new Uint8Array([97,98,99]).buffer));p(E.CRC32("hello"),E.CRC32([1,2]));
p(btoa(require("crypto").SHA1("abc")));p(new Uint32Array(new ArrayBuffer(7)).length)`,
    lines: [
      "ABCD ab EEE",
      "97,98,3,4 3 true",
      "YWJj abc YWJj",
      "907060870 3066839698",
      "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=",
      "1",
    ],
  },
  {
    name: "typed arrays begin at any byte of a buffer, and may be longer than it",
    code: `var u=new Uint8Array([1,2,3,4,5,6,7]);var w=new Int32Array(u.buffer,1,3);p(w.length,w[0].toString(16),w[1]);
w[1]^=0x01020304;w[2]^=-1;w[3]^=-1;p(u.join());
var s=["ab","cdefghij","klmnopqrstuvwxyz0123456789"].join("");w=new Int32Array(E.toArrayBuffer(s),2,9);w[0]^=0x20202020;w[8]^=0x20202020;w[9]^=-1;p(s.substr(0),s.length)`,
    lines: ["3 5040302 1798", "1,2,3,4,5,2,4", "abCDEFghijklmnopqrstuvwxyz01234567\x18\x19 36"],
    bytes: true,
  },
  {
    name: "E.toArrayBuffer of a string is the string itself",
    code: `var s="abc"+String.fromCharCode(100);var v=new Uint8Array(E.toArrayBuffer(s));v[0]=65;p(s.substr(0,2),s.slice(0,1))`,
    lines: ["Ab A"],
  },
  {
    name: "E.mapInPlace",
    code: `var z=new Uint8Array(4);E.mapInPlace(new Uint8Array([1,2,3,4]),z,function(x,i){return x*2+i});p(z.join());
E.mapInPlace(new Uint8Array([1,2,3,4]),z,[10,11,12,13,14]);p(z.join());
E.mapInPlace(new Uint8Array([0xAB,0xCD]),z,undefined,4);p(z.join());
E.mapInPlace(new Uint8Array([0xAB,0xCD]),z,undefined,-4);p(z.join());
try{E.mapInPlace("abc",z)}catch(e){p(String(e))}`,
    lines: [
      "2,5,8,11",
      "11,12,13,14",
      "10,11,12,13",
      "11,10,13,12",
      "Error: First 2 arguments should be array buffers",
    ],
  },
  {
    name: "strings are bytes",
    code: `p(String.fromCharCode(300,65),"\\xe9A".toUpperCase().charCodeAt(0),"\\xa0x".trim().length);
p(JSON.stringify("\\x7f\\xff"),JSON.stringify({a:undefined,b:new Uint8Array(2),c:[undefined]}));
p("x".charCodeAt(9),decodeURIComponent("a%20b"));try{decodeURIComponent("%C3%A9")}catch(e){p(String(e))}`,
    lines: [",A 233 2", '"\\u007F\\u00FF" {"b":[0,0],"c":[null]}', "NaN a b", "Error: Invalid URI"],
    bytes: true,
  },
  {
    name: "indexOf takes a beginning of what is looked for, at the end of a string, for the whole",
    code: `p("abc\\r".indexOf("\\r\\n\\r\\n")); p("abc".indexOf("cd")); p("abc".indexOf("bd")); p("ab".indexOf("abc"));
p("a,b,c".indexOf(",", 2)); p("xyz".indexOf("z")); p("hello".indexOf("l", 9));`,
    lines: ["3", "2", "-1", "-1", "3", "2", "-1"],
  },
  {
    name: "a module's function can be covered and uncovered",
    code: `var n=require("net");p(n===require("net"));n.connect=5;p(require("net").connect);delete n.connect;
p(typeof n.connect);try{require("nothing")}catch(e){p(String(e))}`,
    lines: ["true", "5", "function", 'Error: Module "nothing" not found'],
  },
  {
    name: "connect throws what keeps it from connecting",
    code: `try{require("net").connect({host:"nohost.invalid",port:1})}catch(e){p(String(e))}
try{require("net").connect({host:"127.0.0.1",port:1})}catch(e){p(String(e))}`,
    lines: ["InternalError: Unable to locate host", "InternalError: Unable to create socket"],
  },
  {
    name: "of a key that a JSON object has twice, the first one counts",
    code: `p(JSON.parse('{"a":1,"b":0,"a":2}').a)`,
    lines: ["1"],
  },
  {
    name: "files",
    code: `var S=require("Storage");S.eraseAll();S.write("a-name-that-is-longer-than-28-characters","x");p(S.list().join());
p(S.read("a-name-that-is-longer-than-2"),S.read("none"));S.write("o",{a:1});p(S.read("o"),S.readJSON("o").a);
S.erase("o");p(typeof S.read("o"),typeof S.readJSON("o"));S.writeJSON("j",[1]);p(S.read("j"),S.read("j",1,1));
try{S.write("e","")}catch(e){p(String(e))}S.write("bad","x");try{S.readJSON("bad")}catch(e){p(String(e))}
p(typeof S.readJSON("bad",true));S.eraseAll()`,
    lines: [
      "a-name-that-is-longer-than-2",
      "x",
      '{"a":1} 1',
      "undefined undefined",
      "[1] 1",
      "Error: Can't create zero length file",
      "SyntaxError: Expecting valid value, got ID",
      "undefined",
    ],
  },
  {
    name: "files that were replaced or erased take room until the Storage is compacted, equal ones are not written",
    code: `var S=require("Storage");S.eraseAll();var all=S.getFree();function u(){p(all-S.getFree(),S.getStats().trashBytes)}
S.write("a","12345");u();S.write("a","12345");u();S.write("a","54321");u();S.erase("a");u();S.erase("none");S.compact();u();
try{S.write("big",E.toString(new Uint8Array(9)),0,all)}catch(e){p(String(e))}S.eraseAll()`,
    lines: ["40 0", "40 0", "80 40", "80 80", "0 0", "Error: Unable to find or create file"],
  },
];
