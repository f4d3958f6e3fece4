import type { Check, KnownException } from './check.ts';
import { CONTENTS } from './contents.ts';
import { DOCUMENTS } from './documents.ts';
import { EXECUTABLES } from './executable-files.ts';
import { IMAGES } from './images.ts';
import { METADATA } from './metadata.ts';
import { MODULES } from './modules.ts';
import { PARTS } from './parts.ts';
import { SOURCE_RULES } from './source-rules.ts';

export const CHECKS: readonly Check[] = [
  ...METADATA,
  ...PARTS,
  ...IMAGES,
  ...DOCUMENTS,
  ...MODULES,
  SOURCE_RULES,
  ...EXECUTABLES,
  ...CONTENTS,
];

export const EXCEPTIONS: readonly KnownException[] = [
  {
    name: 'a backend is written in Go, with Grafana’s SDK, Magefile and build manifest',
    reason: 'this one is TypeScript: the catalogue will not take it, and it is installed unsigned or privately signed',
  },
  {
    name: 'built by Grafana’s create-plugin',
    reason: 'webpack.config.ts is the project’s own',
  },
  {
    name: 'signed: MANIFEST.txt',
    reason: 'signing needs an account at Grafana: sign dist/ before packaging, or allow the ids unsigned',
  },
];
