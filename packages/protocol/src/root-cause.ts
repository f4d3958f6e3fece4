import Type, { type Static } from 'typebox';
import { ResourceId, Timestamp } from './primitives.ts';

export const ROOT_CAUSE_VERDICTS = ['explained', 'unknown', 'healthy'] as const;
export type RootCauseVerdict = (typeof ROOT_CAUSE_VERDICTS)[number];

export const ROOT_CAUSE_ROLES = ['cause', 'first_failure', 'impacted'] as const;
export type RootCauseRole = (typeof ROOT_CAUSE_ROLES)[number];

/** One series that speaks against a suspect. */
export const RootCauseEvidence = Type.Object({
  metric_name: Type.String(),
  resource_id: ResourceId,
  target_id: Type.Optional(Type.String({ description: 'Set when the series is of the edge resource_id → target_id' })),
  current_value: Type.Number(),
  expected_value: Type.Number(),
  onset: Type.Optional(Timestamp),
  path: Type.Array(ResourceId, {
    description: 'From the suspect to the symptom, both included; empty where no calls join them',
  }),
  text: Type.String(),
});
export type RootCauseEvidence = Static<typeof RootCauseEvidence>;

export const RootCauseSuspect = Type.Object({
  resource_id: ResourceId,
  target_id: Type.Optional(Type.String({ description: 'Set when the suspect is the edge resource_id → target_id' })),
  resource_name: Type.String(),
  score: Type.Number({ minimum: 0, maximum: 1, description: 'How much points at it, whatever points at others' }),
  confidence: Type.Number({ minimum: 0, maximum: 1, description: 'That this is the cause; all suspects together ≤ 1' }),
  role: Type.Enum([...ROOT_CAUSE_ROLES]),
  evidence: Type.Array(RootCauseEvidence),
  text: Type.String(),
});
export type RootCauseSuspect = Static<typeof RootCauseSuspect>;

/** Why a resource is in trouble, if it is. */
export const RootCause = Type.Object({
  resource_id: ResourceId,
  verdict: Type.Enum([...ROOT_CAUSE_VERDICTS], {
    description: 'healthy: nothing to explain; unknown: in trouble, or without data, and nothing explains it',
  }),
  suspects: Type.Array(RootCauseSuspect, { description: 'Most suspect first' }),
  first_failure: Type.Optional(
    Type.Object(
      { resource_id: ResourceId, resource_name: Type.String(), onset: Timestamp },
      {
        description: 'Where trouble was seen first among the connected resources in trouble',
      },
    ),
  ),
  impacted: Type.Array(ResourceId, { description: 'Resources in trouble that depend on the cause' }),
  text: Type.String(),
});
export type RootCause = Static<typeof RootCause>;
