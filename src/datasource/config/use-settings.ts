import type { DataSourcePluginOptionsEditorProps } from '@grafana/data';
import type { SecretName } from '@topdeck/protocol/grafana';
import type { Options, Secrets } from '../types.ts';

export type EditorProps = DataSourcePluginOptionsEditorProps<Options, Secrets>;

export interface Settings {
  readonly url: string;
  readonly json: Options;
  /** Provisioned ones cannot be changed here. */
  readonly isReadOnly: boolean;
  isSet(name: SecretName): boolean;
  /** As typed since the page was opened; what is saved never comes back. */
  typed(name: SecretName): string;
  setUrl(url: string): void;
  setJson(change: Partial<Options>): void;
  setSecret(name: SecretName, value: string): void;
  resetSecret(name: SecretName): void;
}

export function useSettings({ options, onOptionsChange }: EditorProps): Settings {
  const { secureJsonData = {}, secureJsonFields } = options;
  return {
    url: options.url,
    json: options.jsonData,
    isReadOnly: options.readOnly ?? false,
    isSet: (name) => secureJsonFields[name],
    typed: (name) => secureJsonData[name] ?? '',
    setUrl: (url) => onOptionsChange({ ...options, url }),
    setJson: (change) => onOptionsChange({ ...options, jsonData: { ...options.jsonData, ...change } }),
    setSecret: (name, value) => onOptionsChange({ ...options, secureJsonData: { ...secureJsonData, [name]: value } }),
    resetSecret: (name) =>
      onOptionsChange({
        ...options,
        secureJsonFields: { ...secureJsonFields, [name]: false },
        secureJsonData: { ...secureJsonData, [name]: '' },
      }),
  };
}
