import { createFormats, type Formats } from '../formats.js';
import { languages, textsOf, type Language, type Texts } from '../texts/texts.js';

/** Who reads a page: in which language, and how money and dates are written for them. */
export type Reader = { readonly language: Language; readonly texts: Texts; readonly formats: Formats };

/**
 * @param chosen what the reader has chosen before, if anything
 * @param accepted the header Accept-Language, RFC 9110 section 12.5.4
 * @param timeZone of the shop, by whose clock times are told
 */
export function readerOf(chosen: string | undefined, accepted: string | undefined, timeZone: string): Reader {
  const tags = acceptedTags(accepted);
  const wanted = languages.find((each) => each === chosen) ?? firstKnown(tags) ?? 'en';
  // The reader's own region, when it is of this language: 31/12/2026 or 12/31/2026.
  const locale = tags.find((tag) => languageOf(tag) === wanted) ?? wanted;
  return { language: wanted, texts: textsOf(wanted), formats: createFormats(locale, timeZone) };
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
