import { playwrightConfig } from '../run/playwright-config.ts';

export default playwrightConfig('preview', { colorScheme: 'dark' });
