import { describe, expect, test } from '@jest/globals';
import { TextError, textsOf } from '../locales/texts.ts';

describe('texts of the code', () => {
  test('are the literal arguments of t', () => {
    expect(textsOf('a.ts', `t('a.b', 'One {{n}}', { n }); other('c', 'd'); i18n.t('e', 'f');`)).toEqual([
      ['a.b', 'One {{n}}'],
    ]);
  });

  test('of a Trans have its children numbered, as i18next asks for them', () => {
    const source = `const a = <Trans i18nKey="k">
      See <Link to="a">the <b>list</b></Link> or{' '}
      <Icon /> of {{ count }}
    </Trans>;`;
    expect(textsOf('a.tsx', source)).toEqual([['k', 'See <1>the <1>list</1></1> or <4></4> of {{count}}']]);
  });

  test.each([
    ['a key that is computed', 't(`a.${b}`, "text")'],
    ['a text that is computed', 't("a", text)'],
    ['a Trans without a key', '<Trans>text</Trans>'],
    ['a Trans with a value that has no name', '<Trans i18nKey="k">{count}</Trans>'],
  ])('cannot be taken from %s', (_what, source) => {
    expect(() => textsOf('a.tsx', source)).toThrow(TextError);
  });
});
