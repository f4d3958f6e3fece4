import { playwrightConfig } from '../run/playwright-config.ts';

export default playwrightConfig('e2e');
