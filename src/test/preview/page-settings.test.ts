import { describe, expect, test } from '@jest/globals';
import { readBridgeFacts, readPageSettings } from '../../preview/page-settings.ts';

describe('what the address asks for', () => {
  test('is both panels, every five seconds, unless it says otherwise', () => {
    expect(readPageSettings('')).toEqual({ panel: undefined, theme: undefined, intervalS: 5, isKiosk: false });
    expect(readPageSettings('?panel=topology&theme=light&interval=2&kiosk')).toEqual({
      panel: 'topology',
      theme: 'light',
      intervalS: 2,
      isKiosk: true,
    });
  });

  test.each([
    ['0', 1],
    ['-3', 1],
    ['61', 60],
    ['2.4', 2],
    ['1e9', 60],
    ['', 5],
    ['soon', 5],
    ['Infinity', 5],
  ])('an interval of “%s” is %d s, which the bridge takes', (text, intervalS) => {
    expect(readPageSettings(`?interval=${text}`).intervalS).toBe(intervalS);
  });

  test('names that are none are as good as absent', () => {
    expect(readPageSettings('?panel=__proto__&theme=red&kiosk=false')).toMatchObject({
      panel: undefined,
      theme: undefined,
      isKiosk: false,
    });
  });
});

test('what the bridge tells of itself is read from the page', () => {
  document.head.innerHTML =
    '<meta name="bridge" content="{&quot;version&quot;:&quot;1.2.3&quot;,&quot;needsToken&quot;:true}">';
  expect(readBridgeFacts(document)).toEqual({ version: '1.2.3', needsToken: true });
  document.head.innerHTML = '';
  expect(readBridgeFacts(document)).toEqual({ version: '', needsToken: false });
});
