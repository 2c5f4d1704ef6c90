// The software bill of materials: CycloneDX in JSON, of npm's making, cut down to what users get. What differs from run to run
// is left out: the time, the serial number and the npm that made it, which are optional (CycloneDX 1.5).

interface Sbom {
  serialNumber?: string;
  metadata: {
    timestamp?: string;
    tools?: unknown;
    component: { "bom-ref": string; name: string; version?: string };
  };
  components: { "bom-ref": string; name: string }[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

/** What package.json says about this package. */
export interface Package {
  name: string;
  version: string;
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
}

/**
 * The list of the libraries that users get, in the same bytes for the same package-lock.json.
 * @param text of all libraries. `npm sbom --omit dev` would leave out those that a library of the development uses, too.
 */
export function usersSbom(text: string, own: Package): string {
  const sbom = JSON.parse(text) as Sbom;
  const { component } = sbom.metadata;
  if (component.version !== own.version)
    throw new Error(`package-lock.json has version ${component.version}: run npm install`);
  // npm takes the name of the folder.
  component.name = own.name;
  delete sbom.serialNumber;
  delete sbom.metadata.timestamp;
  delete sbom.metadata.tools;
  keepUsed(sbom, { ...own.dependencies, ...own.optionalDependencies });
  return `${JSON.stringify(sbom, null, 2)}\n`;
}

/** Removes what the package needs only to be made, and sorts the rest. */
function keepUsed(sbom: Sbom, wanted: Record<string, string>): void {
  const root = sbom.metadata.component["bom-ref"];
  const used = new Set([root, ...Object.entries(wanted).map(([name, version]) => `${name}@${version}`)]);
  const first = [...used].slice(1).sort();
  const needs = new Map(sbom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  needs.set(root, first);
  for (const ref of used) for (const next of needs.get(ref) ?? []) used.add(next);
  const order = (a: string, b: string) => (a < b ? -1 : 1);
  sbom.components = sbom.components
    .filter((component) => used.has(component["bom-ref"]))
    .sort((a, b) => order(a["bom-ref"], b["bom-ref"]));
  sbom.dependencies = [...used]
    .sort(order)
    .map((ref) => ({ ref, dependsOn: [...(needs.get(ref) ?? [])].sort(order) }));
}
