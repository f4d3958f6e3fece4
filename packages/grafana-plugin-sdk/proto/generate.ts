import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROTO = import.meta.dirname;
const TARGET = join(PROTO, '../src/generated');
const check = process.argv.includes('--check');

/**
 * JavaScript with declarations: as TypeScript the generator writes enums, which a runtime that only strips types cannot
 * load. Names become kebab-case like all files here; comments that silence linters have nothing to silence.
 */
function generate(): Map<string, string> {
  const out = mkdtempSync(join(tmpdir(), 'grafana-plugin-sdk-'));
  try {
    const template = {
      version: 'v2',
      plugins: [{ local: 'protoc-gen-es', out, opt: ['target=js+dts', 'import_extension=none'] }],
    };
    execFileSync('buf', ['generate', PROTO, '--template', JSON.stringify(template)], { stdio: 'inherit' });
    const names = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(js|ts)$/.test(name));
    return new Map(
      names.map((name) => [
        name.replaceAll('_pb.', '-pb.'),
        readFileSync(join(out, name), 'utf8').replace(/^\/\* eslint.*\n/m, ''),
      ]),
    );
  } finally {
    rmSync(out, { recursive: true });
  }
}

const files = generate();
if (check) {
  const stale = [...files].filter(([name, text]) => {
    const path = join(TARGET, name);
    return !existsSync(path) || readFileSync(path, 'utf8') !== text;
  });
  const orphans = readdirSync(TARGET).filter((name) => !files.has(name));
  for (const name of [...stale.map(([name]) => name), ...orphans]) {
    process.stderr.write(`src/generated/${name} is not what proto/ says: run npm run generate here\n`);
    process.exitCode = 1;
  }
} else {
  rmSync(TARGET, { recursive: true, force: true });
  mkdirSync(TARGET, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(TARGET, name), text);
}
