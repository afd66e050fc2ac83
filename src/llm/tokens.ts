/**
 * Pieces as a model's vocabulary has them, roughly: a line end, one or two characters of a script without spaces, an
 * emoji's code points one by one, a word with the space in front of it, up to three digits, punctuation.
 */
const PIECE =
  /\n+| ?[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{1,2}| ?\p{Extended_Pictographic}|[\u200d\ufe0f]| ?[\p{L}\p{M}'’]+| ?\p{N}{1,3}| ?[^\s\p{L}\p{M}\p{N}\p{Extended_Pictographic}]{1,2}|\s|[\s\S]/gu;

/** Words up to so many letters are a token of their own. */
const WHOLE_WORD = 8;
const WORD_PIECE = 5;

/** Splits text into plausible tokens. Joined they are the text, and no character is cut in half. */
export function tokenise(text: string): string[] {
  const found = text.match(PIECE) ?? [];
  return found.flatMap((piece) => (piece.length > WHOLE_WORD + 1 ? wordPieces(piece) : [piece]));
}

function wordPieces(word: string): string[] {
  const characters = [...word];
  const parts: string[] = [];
  for (let index = 0; index < characters.length; ) {
    const left = characters.length - index;
    // Nothing shorter than two letters stays behind.
    const size = left <= WORD_PIECE + 1 ? left : WORD_PIECE;
    parts.push(characters.slice(index, index + size).join(''));
    index += size;
  }
  return parts;
}
