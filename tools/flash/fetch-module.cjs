// node fetch-module.cjs NAME [URL or folder]: fetches an Espruino module by Espruino's own tools and prints its text.
// Exit code 0 only with a text. It is a process of its own because those tools change global state.

const [name, from] = process.argv.slice(2);
// The tools log to the standard output, which is for the text.
for (const method of ["log", "info", "warn"]) console[method] = () => {};

require("espruino").init(() => {
  // The tools turn verification off for a service that is not used here.
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  const { Espruino } = globalThis;
  if (from) Espruino.Config.MODULE_URL = from;
  Espruino.callProcessor("getModule", { moduleName: name }, ({ moduleCode }) => {
    process.exitCode = moduleCode ? 0 : 1;
    process.stdout.write(moduleCode ?? "");
  });
});
