import { keyOf, type ShippedPackage } from './packages.ts';

export interface Application {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/**
 * A CycloneDX 1.6 bill of materials (https://cyclonedx.org/docs/1.6/json/) of the app folder.
 * It has neither a time nor a serial number: the same packages give the same text.
 */
export function billOfMaterials(application: Application, packages: readonly ShippedPackage[]) {
  const reference = purl(application);
  const references = new Map(packages.map((one) => [one.name, purl(one)]));
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': reference,
        name: application.name,
        version: application.version,
        licenses: [{ license: { id: application.license } }],
        purl: reference,
      },
      properties: [{ name: 'gpu-profiler:scope', value: 'the /app folder of the image' }],
    },
    components: packages.map(component),
    dependencies: [
      { ref: reference, dependsOn: [...references.values()] },
      ...packages.map((one) => ({
        ref: purl(one),
        dependsOn: one.needs.flatMap((name) => references.get(name) ?? []),
      })),
    ],
  };
}

function component(one: ShippedPackage) {
  const slash = one.name.indexOf('/');
  return {
    type: 'library',
    'bom-ref': purl(one),
    ...(slash < 0 ? {} : { group: one.name.slice(0, slash) }),
    name: one.name.slice(slash + 1),
    version: one.version,
    ...(one.licence === undefined ? {} : { licenses: [licence(one.licence)] }),
    purl: purl(one),
    ...(one.integrity === undefined ? {} : { hashes: [hash(one.integrity)] }),
    properties: [{ name: 'gpu-profiler:shipped', value: one.shipped }],
  };
}

/** A single SPDX identifier, or an expression of several. */
function licence(text: string) {
  return /[ (]/.test(text) ? { expression: text } : { license: { id: text } };
}

/** npm's `sha512-<base64>` as the hash of the tarball. */
function hash(integrity: string) {
  const [algorithm = '', digest = ''] = integrity.split('-');
  return {
    alg: algorithm.replace(/^sha/, 'SHA-'),
    content: Buffer.from(digest, 'base64').toString('hex'),
  };
}

/** https://github.com/package-url/purl-spec, type npm. */
function purl(one: { name: string; version: string }): string {
  return `pkg:npm/${keyOf(one).replace(/^@/, '%40')}`;
}
