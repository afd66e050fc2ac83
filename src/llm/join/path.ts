import type { AnswerFormat, AnswerReader } from './answer-sink.ts';

/** A part of an event's JSON: its value, and how it reads as text. */
interface Part {
  value: unknown;
  text: string;
}

/**
 * A format of which only this is known: where the text is. Numbers and the like are text as they were written; null is none.
 * @param pick the part of an event's data, given parsed and as it came; `undefined` where it has none
 */
export function textAt(path: string, pick: (json: unknown, data: string) => Part | undefined): AnswerFormat {
  return {
    name: path,
    ending: undefined,
    givesReason: false,
    recognises: ({ data }, json) => wordsOf(pick(json, data)) !== '',
    reader: (sink): AnswerReader => ({
      read({ data }, json) {
        const words = wordsOf(pick(json, data));
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

function wordsOf(part: Part | undefined): string {
  return part === undefined || part.value === null ? '' : part.text;
}
