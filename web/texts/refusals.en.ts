import { refusals, type RefusalCode } from '../../domain/refusals.js';

const sentences = Object.entries(refusals).map(([code, { sentence }]) => [code, sentence] as const);

/** What a refusal says to whoever stands at the counter. */
export const refusalsInEnglish: Readonly<Record<RefusalCode, string>> = {
  ...(Object.fromEntries(sentences) as Record<RefusalCode, string>),
};
