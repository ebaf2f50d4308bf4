/** The longest word that is searched for, in code points: what Postgres keeps of one has an end, too. */
const MAX_WORD_LENGTH = 60;

/** Letters that Unicode takes for letters of their own, as people type them who do not have them. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
};

/**
 * The words of a name as they are kept and searched: without marks and case (Unicode's NFKD, less its marks), whatever
 * the machine's locale. Müller, MULLER and mu\u0308ller are one.
 */
export function nameWords(name: string): string[] {
  const bare = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const plain = bare.replace(/[ßæœøłđðþıς]/g, (letter) => plainLetters[letter] ?? letter);
  const words = plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  return [...new Set(words.map((word) => [...word].slice(0, MAX_WORD_LENGTH).join('')))];
}

const umlauts: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa' };

/** The ways in which people spell a name, each as its words: as it is, Müller as Mueller, and O'Brien as one word. */
export function spellingsOf(name: string): string[][] {
  const spelt = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[äöüå]/g, (letter) => umlauts[letter] ?? letter);
  return [name, spelt, name.replace(/['’ʼ]/g, '')].map(nameWords);
}

/** Under which a name is found: the words of all its spellings. */
export function wordsToFind(name: string): string[] {
  return [...new Set(spellingsOf(name).flat())];
}

/** Whether two names have a spelling of the same words, in whatever order; a name without words is like no other. */
export function areAlike(one: string, other: string): boolean {
  const others = spellingsOf(other).map(sorted);
  return spellingsOf(one).some((words) => words.length > 0 && others.includes(sorted(words)));
}

function sorted(words: readonly string[]): string {
  return [...words].sort().join(' ');
}
