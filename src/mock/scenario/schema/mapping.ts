import * as v from 'valibot';
import { capital } from '../../../notation/capital.ts';
import { quoted } from '../../../notation/invalid-value.ts';
import { nearestName } from '../../../notation/nearest-name.ts';
import { expected, isMapping, type ValueSchema } from './value.ts';

/** What a key may lead to; a key that may be left out is made by `v.exactOptional`. */
export type Entries = v.ObjectEntries;

export type OutputOf<E extends Entries> = v.InferOutput<v.ObjectSchema<E, undefined>>;

/**
 * A mapping of these keys and no others. All of its unknown keys are told, each with the nearest one that exists.
 *
 * @param what with an article, as messages call it: `a route`
 */
export function mapping<const E extends Entries>(what: string, entries: E): ValueSchema<OutputOf<E>> {
  const known = Object.keys(entries);
  const article = capital(what);
  return v.pipe(
    v.custom<Record<string, unknown>>(isMapping, expected(`${what} (a mapping of ${known.join(', ')})`)),
    v.looseObject(entries, (issue) => `${what} needs ${issue.expected?.replaceAll('"', '')}`),
    v.rawCheck(({ dataset, addIssue }) => {
      const input = dataset.value as Record<string, unknown>;
      for (const key of Object.keys(input)) {
        if (known.includes(key)) continue;
        const near = nearestName(key, known);
        const meant = near === undefined ? `${article} has ${known.join(', ')}` : `Did you mean ${near}?`;
        addIssue({
          message: `unknown key ${quoted(key)} in ${what}. ${meant}`,
          path: [{ type: 'object', origin: 'key', input, key, value: input[key] }],
        });
      }
    }),
  ) as unknown as ValueSchema<OutputOf<E>>;
}
