export interface User {
  readonly login: string;
  readonly name: string;
  readonly email: string;
  /** Viewer, Editor, Admin; empty when unknown. */
  readonly role: string;
}

export interface AppSettings {
  /** The document that the settings page saved; {} when it saved none. */
  readonly jsonData: unknown;
  /** Secrets, decrypted. */
  readonly secureJsonData: Readonly<Record<string, string>>;
  /** When the settings were last saved, in milliseconds since 1970. */
  readonly updatedMs: number;
  readonly apiVersion: string;
}

export interface DataSourceSettings extends AppSettings {
  /** Unique in its organisation. */
  readonly uid: string;
  readonly name: string;
  readonly url: string;
  readonly user: string;
  readonly database: string;
  readonly basicAuthEnabled: boolean;
  readonly basicAuthUser: string;
}

/** Who asks, and with which instance of the plugin. */
export interface PluginContext {
  readonly orgId: number;
  readonly pluginId: string;
  readonly pluginVersion: string;
  readonly apiVersion: string;
  readonly userAgent: string;
  /** Absent when Grafana itself asks, as for an alert rule. */
  readonly user?: User;
  readonly dataSource?: DataSourceSettings;
  readonly app?: AppSettings;
  /** Settings of Grafana that concern plugins: feature toggles, its own URL. */
  readonly grafanaConfig: Readonly<Record<string, string>>;
}
