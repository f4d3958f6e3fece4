/** What a drawer is about. */
export type Subject =
  | { readonly kind: 'service'; readonly id: string }
  | { readonly kind: 'edge'; readonly sourceId: string; readonly targetId: string };

/** Tells one subject from another, also where ids hold any character. */
export const subjectKey = (subject: Subject): string =>
  JSON.stringify(subject.kind === 'service' ? [subject.id] : [subject.sourceId, subject.targetId]);
