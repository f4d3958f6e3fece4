import { expect, test } from '../fixtures/test.ts';
test('placeholder', async ({ stack }) => {
  expect(stack.url).toContain('http');
});
