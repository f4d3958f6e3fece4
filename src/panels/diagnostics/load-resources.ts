import type { ResourceLoader, Resources } from '@grafana/i18n';

type Texts = () => Promise<{ default: Resources }>;

/** By the languages of plugin.json. */
const TEXTS: Readonly<Record<string, Texts>> = {
  'en-US': () => import('./locales/en-US/topdeck-diagnostics-panel.json'),
};

/** Of a language that there are no texts of, none: the English ones stand in the code. */
export const loadResources: ResourceLoader = async (language) =>
  Object.hasOwn(TEXTS, language) ? (await TEXTS[language]()).default : {};
