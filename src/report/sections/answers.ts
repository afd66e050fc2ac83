import type { AnswerFigures, SummarySections } from '../../results/sections.ts';
import { answerName, toolText } from '../answer-words.ts';
import { formatDuration } from '../duration.ts';
import { escapeInline } from '../escape.ts';
import { counted, formatCount, formatRate } from '../quantity.ts';
import type { Row } from '../rows.ts';

/** More answers than this are counted only, the last ones shown: the closing text stays about one screen. */
const ANSWERS_SHOWN = 4;

/** Calls of tools that are shown of one answer. */
const CALLS_SHOWN = 5;

/** What is said of the answers that were joined. */
export function answerRows({ answers = [] }: SummarySections): Row[] {
  const shown = answers.slice(-ANSWERS_SHOWN);
  const before = (shown[0]?.n ?? 1) - 1;
  const several = (answers.at(-1)?.n ?? 0) > 1;
  const rows = shown.flatMap((answer) => rowsOf(answer, several));
  return before === 0 ? rows : [['answers', `${formatCount(before)} before these`], ...rows];
}

function rowsOf(answer: AnswerFigures, several: boolean): Row[] {
  const rows: Row[] = [['answer', escapeInline(whatCame(answer, several))]];
  const first = firstText(answer);
  if (first !== '') rows.push(['ttft', first]);
  if (answer.longestStall !== undefined) rows.push(['stall', formatDuration(answer.longestStall)]);
  const end = endText(answer);
  if (end !== '') rows.push(['finish', end]);
  const usage = usageText(answer);
  if (usage !== '') rows.push(['usage', usage]);
  rows.push(...toolRows(answer));
  // That of the only one is in the verdict.
  if (several && answer.problem !== undefined) rows.push(['problem', escapeInline(answer.problem)]);
  return rows;
}

function whatCame(answer: AnswerFigures, several: boolean): string {
  const { format, tokens, chunks, duration = 0, perSecond } = answer;
  const unit = tokens === undefined ? 'chunk' : 'token';
  const parts = several ? [answerName(answer).replace('answer ', '')] : [];
  if (chunks === 0) return [...parts, format, 'nothing of it came'].join(' · ');
  parts.push(format, `${counted(tokens ?? chunks, unit)} in ${formatDuration(duration)}`);
  if (perSecond !== undefined) {
    const rate = formatRate(perSecond, 1_000).replace('/s', '');
    parts.push(`${rate} ${unit}s/s`);
  }
  return parts.join(' · ');
}

/** Reasoning comes before the answer, where there is any. */
function firstText({ ttft, ttftAnswer, reasoningCharacters }: AnswerFigures): string {
  if (ttft === undefined) return '';
  if (reasoningCharacters === 0) return formatDuration(ttft);
  const reasoning = `${formatDuration(ttft)} (reasoning)`;
  return ttftAnswer === undefined ? reasoning : `${reasoning}, ${formatDuration(ttftAnswer)} (answer)`;
}

/** What some reasons mean, in words. */
const NOTES = new Map([
  ['length', 'cut at the limit of tokens'],
  ['max_tokens', 'cut at the limit of tokens'],
  ['MAX_TOKENS', 'cut at the limit of tokens'],
  ['max_output_tokens', 'cut at the limit of tokens'],
  ['model_context_window_exceeded', 'the context is full'],
  ['content_filter', 'a filter stopped it'],
  ['SAFETY', 'a filter stopped it'],
  ['PROHIBITED_CONTENT', 'a filter stopped it'],
  ['refusal', 'the model refused'],
]);

function endText({ finishReason, refused, complete }: AnswerFigures): string {
  if (finishReason === undefined) return complete === false ? 'none: it was not complete' : '';
  const note = refused ? 'the model refused' : NOTES.get(finishReason);
  const reason = note === undefined ? finishReason : `${finishReason}: ${note}`;
  return escapeInline(complete === false ? `${reason}, but it was not complete` : reason);
}

function usageText({ usage }: AnswerFigures): string {
  const { input, output, reasoning = 0 } = usage ?? {};
  const parts: string[] = [];
  if (input !== undefined) parts.push(`${counted(input, 'token')} in`);
  if (output !== undefined) {
    const thought = reasoning > 0 ? `, ${formatCount(reasoning)} of them reasoning` : '';
    parts.push(`${formatCount(output)} out${thought}`);
  }
  return parts.join(' · ');
}

function toolRows({ toolCalls }: AnswerFigures): Row[] {
  const rows = toolCalls.slice(0, CALLS_SHOWN).map((call): Row => ['tool', escapeInline(toolText(call))]);
  const further = toolCalls.length - CALLS_SHOWN;
  return further > 0 ? [...rows, ['', `and ${counted(further, 'further call')}`]] : rows;
}
