import { pick, type Random } from '../../../stats/random.ts';

/** Of every kind that a reader of streams meets: long words, scripts without spaces, emoji, lists, code. */
const PARAGRAPHS = [
  'A stream is a conversation in which only one side speaks. The other side listens, remembers where it was, and asks for the rest when the line goes dead.',
  'Start with the simplest thing that could work: open the connection, read what comes, and write down when it came. Everything else is a question about those three columns.',
  'The tide leaves twice a day and comes back twice a day, and nobody calls that an outage. 🌊 What matters is that the boats know the timetable.',
  '朝の駅は静かです。電車が来るまで、あと三分。人々は画面を見て、言葉が一つずつ届くのを待っています。',
  'Drei Dinge sind es, die eine Verbindung am Leben halten: ein Lebenszeichen alle paar Sekunden, ein Zwischenspeicher, der nichts zurückhält, und etwas Geduld. Größe zählt dabei überhaupt nicht.',
  'Here is a short list:\n\n1. Measure first.\n2. Change one thing.\n3. Measure again, at the same hour, with the same load.\n4. Write down what you expected *before* you look. 📋',
  '流水不腐，户枢不蠹。数据也一样：停下来的时候，问题才会显现。',
  'The gardener waters the beans at six, before the sun is on them, and then again when the light has gone. In between there is nothing to do but count the bees 🐝🐝🐝 and repair the fence.',
  'It depends on what you mean by *fast*. The first word after 300 milliseconds feels like an answer; the last word after thirty seconds feels like a speech. Both can be the same stream, and both can be right.',
  '```ts\nfor await (const event of stream) {\n  seen += 1;\n  if (event.id) lastEventId = event.id; // survives a reconnect\n}\n```',
  "Le café du coin ouvre à sept heures ; à sept heures cinq, il n'y a déjà plus de croissants. « Revenez demain », dit le patron, et tout le monde revient.",
  'Bread needs flour, water, salt and time, and the last of these can be replaced by nothing. A dough that rose overnight in the cold tastes of hazelnut; one that was hurried tastes of flour.',
  'Two numbers tell most of the story: how long until the first byte, and how long the longest silence was. An average of either hides exactly what went wrong. 📉',
  'Ночью сервер почти пуст. Раз в пятнадцать секунд проходит короткий сигнал, и снова тишина до самого утра.',
  'Lighthouses were never meant to be beautiful. They had to be seen, counted and told apart: two flashes and a pause here, one long beam there. That they are beautiful as well is a kindness of the sea.',
  'Compare:\n\n| way | first token | whole answer |\n| --- | --- | --- |\n| direct | 0.3 s | 4 s |\n| through a buffer | 4 s | 4 s |\n\nThe same bytes, and yet one of them feels broken.',
  'Counterintuitively, internationalisation and straightforwardness are not opposites: an interface that says 42 in every language has said it once and for all.',
  'Emoji are longer than they look: 👩‍🚀 is three code points and eleven bytes, 🏳️‍🌈 is four and fourteen, and é may be one or two. Cut anywhere and somebody sees a �-shaped hole.',
  'The library closes at eight. At ten to eight the lamps blink once, the readers look up, and a hundred books are closed over a hundred fingers, marking a hundred places to resume from.',
  '비가 오는 날에는 우산보다 시간이 더 필요합니다. 버스는 늦고, 길은 미끄럽고, 이야기는 길어집니다. ☔',
  'If you remember one thing, let it be this: nothing is delivered until the other side has said so, and silence is not an answer.',
  'Every map leaves something out. The good ones leave out what you would have stumbled over anyway; the best ones leave room in the margin for what you find on the way.',
] as const;

/** Paragraphs without end, none again before all have been: the same for the same draws. */
export function* paragraphs(random: Random): Generator<string, never> {
  for (;;) {
    const left: string[] = [...PARAGRAPHS];
    while (left.length > 0) {
      const next = pick(random, left);
      left.splice(left.indexOf(next), 1);
      yield next;
    }
  }
}

const THOUGHTS = [
  'The question is short, so the answer may be short as well.',
  'First I should find out what is being asked, and what is only being mentioned.',
  'There are two readings; the second is the likelier one. 🤔',
  'An example would help more than a definition here.',
  'Let me check that against the numbers: 3 + 4 is 7, and 7 is what we had.',
  'まず全体を見てから、細部に進みましょう。',
  "I shouldn't promise what I can't show.",
  'That leaves the order of the parts. Most important first.',
] as const;

/** What a model says to itself, without end. */
export function* thoughts(random: Random): Generator<string, never> {
  for (;;) yield pick(random, THOUGHTS);
}
