import type { AnswerFormat, AnswerReader } from './answer-sink.ts';

/**
 * A format of which only this is known: where the text is. Numbers and the like are text as JSON writes them; null is none.
 * @param pick the part of an event's data; `undefined` where it has none
 */
export function textAt(path: string, pick: (value: unknown) => unknown): AnswerFormat {
  return {
    name: path,
    ending: undefined,
    givesReason: false,
    recognises: (_event, json) => wordsOf(pick(json)) !== '',
    reader: (sink): AnswerReader => ({
      read(_event, json) {
        const words = wordsOf(pick(json));
        if (words === '') return;
        sink.message('');
        sink.piece(0, 'text', words);
      },
      reconnected() {
        // Nothing tells where an answer begins.
      },
    }),
  };
}

function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
