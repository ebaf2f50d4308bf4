import { expect, test } from 'vitest';
import { refusals, type RefusalCode } from '../../domain/refusals.js';
import { languages, textsOf, type Language } from '../../web/texts/texts.js';

/** What programmers say of requests, and nobody says to a customer. */
const wordsOfTheApi: Readonly<Record<Language, readonly RegExp[]>> = {
  en: [
    /\b(calls?|commands?|fields?|headers?|ids?|keys?|requests?|parameters?|endpoints?|server)\b/i,
    /\b(actors?|workflows?|signals?|payload|idempoten\w*|JSON|HTTP|ASCII|NUL|ISO|RFC)\b/i,
    /\b(minor units?|milliseconds?|instants?|offset|lifetimes?|tenders?|generic|product-specific)\b/i,
    /\b(captured?|releases?d?|lapsed|reinstate[ds]?|reissued?|issues)\b/i,
    /\b(tills? (of|issues?|may)|operators?)\b/i,
  ],
  de: [
    /\b(Aufrufe?|Befehle?|Felde?r?|Anfragen?|Parameter|Server|Kommandos?|Schlüssel|Header|ID)\b/i,
    /\b(Workflows?|Aktor(en)?|Signale?|Idempoten\w*|JSON|HTTP|ASCII|NUL|ISO|RFC)\b/i,
    /\b(Kleinsteinheit(en)?|Millisekunden?|Zeitstempel|Lebensdauer|generisch\w*|produktspezifisch\w*)\b/i,
  ],
};
/** `customerId`, `sale_exists` and the like. */
const asInCode = /[a-z][A-Z]|\w_\w|[{}[\]]/;

test.each(languages)('what a refusal says in %s can be read out to a customer', (language) => {
  const said = Object.keys(refusals).map((code) => [code, textsOf(language).refusals[code as RefusalCode]] as const);
  const offences = said.filter(([, sentence]) =>
    [...wordsOfTheApi[language], asInCode].some((words) => words.test(sentence)),
  );
  expect(offences).toEqual([]);
  // One or two sentences, whole.
  expect(said.filter(([, sentence]) => !/^\p{Lu}[^.]{9,}\.( \p{Lu}[^.]{9,}\.)?$/u.test(sentence))).toEqual([]);
});

test('the words that are looked for are found in what the API says', () => {
  const ofTheApi = Object.values(refusals).filter(({ sentence }) =>
    wordsOfTheApi.en.some((each) => each.test(sentence)),
  );
  expect(ofTheApi.length).toBeGreaterThan(20);
});
