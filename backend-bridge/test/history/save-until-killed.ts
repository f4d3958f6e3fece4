/** Saves two megabytes of one number after the other, until somebody kills the process. */
import { createDetectorFile } from '../../src/history/detector-file.ts';

const store = createDetectorFile(process.argv[2]);
for (let number = 1; ; number += 1) {
  await store.save(new Uint8Array(2_000_000).fill(number % 251));
  if (number === 1) process.stdout.write('saving\n');
}
