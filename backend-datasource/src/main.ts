import { serve } from '@topdeck/grafana-plugin-sdk';
import { systemClock } from './clock.ts';
import { createPlugin } from './plugin.ts';

// `void`, not `await`: an executable with bytecode has no top-level await, and `serve` deals with its errors.
void serve({ name: 'topdeck-livediagnostics-datasource' }, (log) => createPlugin(log, systemClock));
