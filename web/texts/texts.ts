import { de } from './de.js';
import { en } from './en.js';

/** In which languages the pages speak. */
export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

/** Every word of the pages; a language that lacks one does not compile. */
export type Texts = typeof en;

export function textsOf(language: Language): Texts {
  switch (language) {
    case 'en':
      return en;
    case 'de':
      return de;
  }
}
