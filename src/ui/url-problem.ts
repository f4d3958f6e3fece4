import { t } from '@grafana/i18n';

/** What is wrong with the bridge's address as typed, in words. Provisioned addresses may hold environment variables. */
export function urlProblem(text: string): string | undefined {
  if (text.trim() === '') return t('ui.settings.url-missing', 'Enter the address of the bridge');
  if (!/^https?:\/\//i.test(text))
    return t('ui.settings.url-scheme', 'The address must begin with http:// or https://');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return t('ui.settings.url-form', 'This is not an address');
  }
  if (url.username || url.password) {
    return t('ui.settings.url-credentials', 'Leave name and password out of the address; the token is entered below');
  }
  if (url.search || url.hash) return t('ui.settings.url-query', 'Leave out what follows ? or #');
  return undefined;
}

/** What is wrong with a certificate or key as pasted. */
export function pemProblem(text: string, kind: 'certificate' | 'key'): string | undefined {
  if (text.trim() === '') return undefined;
  const begins =
    kind === 'certificate' ? /-----BEGIN (TRUSTED )?CERTIFICATE-----/ : /-----BEGIN ([A-Z]+ )*PRIVATE KEY-----/;
  if (begins.test(text)) return undefined;
  return kind === 'certificate'
    ? t('ui.settings.pem-certificate', 'This must be PEM text that begins with -----BEGIN CERTIFICATE-----')
    : t('ui.settings.pem-key', 'This must be PEM text that begins with -----BEGIN PRIVATE KEY-----');
}
