export * from './query.ts';
export * from './resources.ts';
export * from './settings.ts';
