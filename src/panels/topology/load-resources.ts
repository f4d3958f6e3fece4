import type { ResourceLoader, Resources } from '@grafana/i18n';

/** By language; each is fetched only where it is spoken. */
const LOCALES: Readonly<Record<string, () => Promise<{ readonly default: Resources }>>> = {
  'en-US': () => import('./locales/en-US/topdeck-topology-panel.json'),
};

/** Of a language that there are no texts of, none: the English ones stand in the code. */
export const loadResources: ResourceLoader = async (language) =>
  Object.hasOwn(LOCALES, language) ? (await LOCALES[language]()).default : {};
