/** How it came that something was done of which a law had a word. */
export const lawOutcomes = ['warned', 'overridden'] as const;

/** What was decided about the law before a command was sent: it stands beside the command in the books. */
export type LawDecision = {
  readonly outcome: (typeof lawOutcomes)[number];
  readonly rules: readonly NotedRule[];
  /** Why it was done all the same, in the words of who sent it. */
  readonly reason?: string | undefined;
};

/** A rule by its id, and the earliest last day by which it would not stand against what was asked, if there is one. */
export type NotedRule = { readonly id: string; readonly leastValidThrough: string | null };
