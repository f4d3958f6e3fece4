import { expect, test } from '@jest/globals';
import { placeBeside } from '../../panels/diagnostics/head/place.ts';

const VIEW = { width: 1000, height: 600 };
const SIZE = { width: 300, height: 200 };

test.each([
  ['below, right edges aligned', { top: 20, bottom: 48, right: 900 }, SIZE, { left: 600, top: 54, maxHeight: 538 }],
  ['within the window at its left', { top: 20, bottom: 48, right: 100 }, SIZE, { left: 8, top: 54, maxHeight: 538 }],
  [
    'within the window at its right',
    { top: 20, bottom: 48, right: 1100 },
    SIZE,
    { left: 692, top: 54, maxHeight: 538 },
  ],
  [
    'above where there is no room below',
    { top: 500, bottom: 528, right: 900 },
    SIZE,
    { left: 600, top: 294, maxHeight: 486 },
  ],
  [
    'cut to the greater room where neither has enough',
    { top: 200, bottom: 228, right: 900 },
    { width: 300, height: 900 },
    { left: 600, top: 234, maxHeight: 358 },
  ],
])('a popover is placed %s', (_, anchor, size, place) => {
  expect(placeBeside(anchor, size, VIEW)).toEqual(place);
});
