import type { ServiceHealth, Snapshot } from '@topdeck/protocol';
import type { SearchHit } from '@topdeck/protocol/grafana';

/** How well a text is met: whole, at its start, at the start of a word, anywhere; undefined not at all. */
function rankOf(text: string, wanted: string): number | undefined {
  const at = text.toLowerCase().indexOf(wanted);
  if (at < 0) return undefined;
  if (at === 0) return text.length === wanted.length ? 0 : 1;
  return /[^a-z0-9]/i.test(text[at - 1] ?? '') ? 2 : 3;
}

function bestRank({ resource_name: name, resource_id: id }: ServiceHealth, wanted: string): number | undefined {
  const ranks = [rankOf(name, wanted), rankOf(id, wanted)].filter((rank) => rank !== undefined);
  return ranks.length === 0 ? undefined : Math.min(...ranks);
}

/** Resources whose name or id holds `text`, whatever its case: best first, then by name; all for an empty text. */
export function searchTopology(text: string, limit: number, { services }: Snapshot): readonly SearchHit[] {
  const wanted = text.trim().toLowerCase();
  return services
    .flatMap((service) => {
      const rank = bestRank(service, wanted);
      return rank === undefined ? [] : [{ service, rank }];
    })
    .sort((a, b) => a.rank - b.rank || a.service.resource_name.localeCompare(b.service.resource_name))
    .slice(0, limit)
    .map(({ service }) => ({
      id: service.resource_id,
      name: service.resource_name,
      type: service.resource_type,
      status: service.status,
    }));
}
