// node fetch-module.cjs NAME [URL or folder]: prints the text of an Espruino module, got by Espruino's own tools.
// Exit code 0 only with a text. Runs in a process of its own because those tools change global things.

const [name, from] = process.argv.slice(2);
// The tools tell their story on the standard output, which is for the text.
for (const method of ["log", "info", "warn"]) console[method] = () => {};

require("espruino").init(() => {
  // They turn it off for a service that is not used here.
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  const { Espruino } = globalThis;
  if (from) Espruino.Config.MODULE_URL = from;
  Espruino.callProcessor("getModule", { moduleName: name }, ({ moduleCode }) => {
    process.exitCode = moduleCode ? 0 : 1;
    process.stdout.write(moduleCode ?? "");
  });
});
