import { createFormats, type Formats } from '../formats.js';
import { languages, textsOf, type Language, type Texts } from '../texts/texts.js';

/** Who reads a page: in which language, and how money and dates are written for them. */
export type Reader = { readonly language: Language; readonly texts: Texts; readonly formats: Formats };

/** Gives a reader for a page: the one it gave before to whoever reads alike. */
export type Readers = (chosen: string | undefined, accepted: string | undefined, timeZone: string) => Reader;

/** More than there are languages, regions and time zones among those who work in shops; headers can say any. */
const MOST_READERS = 500;

/** To make the formats of a reader takes longer than most pages. */
export function createReaders(): Readers {
  const kept = new Map<string, Reader>();
  return (chosen, accepted, timeZone) => {
    const { language, locale } = languageIn(chosen, accepted);
    const key = `${language} ${locale} ${timeZone}`;
    const before = kept.get(key);
    if (before) return before;
    if (kept.size >= MOST_READERS) kept.clear();
    const reader = { language, texts: textsOf(language), formats: createFormats(locale, timeZone) };
    kept.set(key, reader);
    return reader;
  };
}

/**
 * @param chosen what the reader has chosen before, if anything
 * @param accepted the header Accept-Language, RFC 9110 section 12.5.4
 */
function languageIn(chosen: string | undefined, accepted: string | undefined): { language: Language; locale: string } {
  const tags = acceptedTags(accepted);
  const wanted = languages.find((each) => each === chosen) ?? firstKnown(tags) ?? 'en';
  // The reader's own region, when it is of this language: 31/12/2026 or 12/31/2026.
  const locale = tags.find((tag) => languageOf(tag) === wanted) ?? wanted;
  return { language: wanted, locale };
}

function firstKnown(tags: readonly string[]): Language | undefined {
  return tags.map((tag) => languages.find((each) => each === languageOf(tag))).find((each) => each !== undefined);
}

function languageOf(tag: string): string {
  return tag.split('-')[0]?.toLowerCase() ?? '';
}

/** The tags that are well formed, the most wanted first. */
function acceptedTags(header = ''): string[] {
  return header
    .slice(0, 200)
    .split(',')
    .map((each) => {
      const [tag = '', ...parameters] = each.trim().split(/\s*;\s*/);
      const quality = /^q=([01](?:\.\d{1,3})?)$/.exec(parameters.find((one) => one.startsWith('q=')) ?? '')?.[1];
      return { tag, quality: Number(quality ?? 1) };
    })
    .filter(({ tag, quality }) => /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(tag) && quality > 0 && isLocale(tag))
    .sort((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag);
}

function isLocale(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}
