import { europe } from './europe.js';
import { oceania } from './oceania.js';
import type { Rule } from './rule.js';
import { unitedStates } from './unitedStates.js';

/**
 * Every rule of law that is known here. A row that no longer counts gets the day of its end and stays: what was decided
 * by it names it.
 */
export const lawRules: readonly Rule[] = Object.freeze([...unitedStates, ...oceania, ...europe]);

/** A country of ISO 3166-1, or a region of it in the form of ISO 3166-2. */
export function isJurisdiction(text: string): boolean {
  return /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(text);
}

/** Whether anything is known of the law there, of the region or its country. */
export function isLawKnown(jurisdiction: string): boolean {
  return lawRules.some((rule) => isIn(jurisdiction, rule.jurisdiction));
}

/** Whether a place is this jurisdiction or lies in it. */
export function isIn(place: string, jurisdiction: string): boolean {
  return place === jurisdiction || place.startsWith(`${jurisdiction}-`);
}
