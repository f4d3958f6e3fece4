/** `latency_p95` as people write it: names of metrics are data, and a preset may have any. */
export function metricTitle(name: string): string {
  const words = name.replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
