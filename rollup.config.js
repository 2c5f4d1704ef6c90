// `npx rollup -c` builds what `npm run build` builds, by the same table and passes (build/), with rollup's own command.
import { tsImport } from "tsx/esm/api";

const { BUNDLES, LOADER, nameOf } = await tsImport("./build/bundles.ts", import.meta.url);
const { inputOf, rollupOptions } = await tsImport("./build/bundle.ts", import.meta.url);
const { compiled } = await tsImport("./build/compiled.ts", import.meta.url);
const { moduleTypes } = await tsImport("./build/make.ts", import.meta.url);

const from = await compiled();

export default [...BUNDLES, LOADER].map((bundle) => {
  const { plugins, output, ...options } = rollupOptions(from, inputOf(bundle));
  const file = `dist/${nameOf(bundle)}.js`;
  return { ...options, plugins: [...plugins, moduleTypes(bundle)], output: { ...output, file } };
});
