import type { FC } from 'hono/jsx';
import type { OpenDifference } from '../../db/reconciliation/differences.js';
import { cureOf, cures } from '../../domain/reconciliation/difference.js';
import type { Reader } from '../http/reader.js';
import { Kind, Reference, WhatToDo } from './sections.js';

/** What books and workflows say differently, by what a person does about it. */
export const Differences: FC<{ reader: Reader; differences: readonly OpenDifference[] }> = ({
  reader,
  differences,
}) => {
  const { texts, formats } = reader;
  const words = texts.attention.differences;
  if (differences.length === 0) return null;
  return (
    <Kind title={words.title}>
      {cures.map((cure) => {
        const ofCure = differences.filter(({ kind }) => cureOf[kind] === cure);
        if (ofCure.length === 0) return null;
        return (
          <>
            <WhatToDo reader={reader}>{words.cures[cure]}</WhatToDo>
            <ul>
              {ofCure.map(({ reference, kind, subject, books, actor, foundAt }) => (
                <li>
                  <Reference reference={reference} /> {words.kinds[kind]} {subject !== '' && <bdi>{subject}</bdi>}
                  <small>
                    {words.says(books ?? words.nothing, actor ?? words.nothing)},{' '}
                    {words.found(formats.instant(foundAt))}
                  </small>
                </li>
              ))}
            </ul>
          </>
        );
      })}
    </Kind>
  );
};
