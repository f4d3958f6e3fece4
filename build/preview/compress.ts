import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** A quarter of the time of the best quality, for files a tenth larger. */
const QUALITY = 9;
const COMPRESSED = /\.(js|css)$/;
const MIN_BYTES = 1024;

/** Puts a `.br` and a `.gz` beside each script and style sheet: browsers take brotli only over TLS or from loopback. */
export async function compressBeside(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (!COMPRESSED.test(name)) continue;
    const content = await readFile(path);
    if (content.length < MIN_BYTES) continue;
    const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    const [brotli, gzipped] = await Promise.all([
      promisify(brotliCompress)(content, { params }),
      promisify(gzip)(content, { level: QUALITY }),
    ]);
    await Promise.all([writeFile(`${path}.br`, brotli), writeFile(`${path}.gz`, gzipped)]);
  }
}
