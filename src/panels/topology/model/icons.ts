const PATHS: Readonly<Record<string, string>> = {};

export const iconPath = (name: string): string | undefined => (Object.hasOwn(PATHS, name) ? PATHS[name] : undefined);
