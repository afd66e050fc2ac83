/** Behind it stands what a directive is accompanied by: a remark, or what is meant. */
const REMARK = / {3}(?=[#(])/;

/** A list of this header is one header: a second one would take the place of the first. */
const LISTED = /^Cache-Control: (?<values>[\w-]+(?:, [\w-]+)*)$/;

/**
 * The lines of several fixes as one text for one place: each directive once, whether or not something is remarked of it. What is
 * indented, or closes a bracket or a section, belongs to the directive above.
 */
export function mergedDirectives(texts: readonly string[]): string[] {
  const byText = new Map<string, string>();
  for (const directive of texts.flatMap(directivesOf)) {
    const bare = directive.split(REMARK)[0] ?? directive;
    const known = byText.get(bare);
    if (known === undefined || known === bare) byText.set(bare, directive);
  }
  return withOneList([...byText.values()]);
}

function directivesOf(text: string): string[] {
  const directives: string[] = [];
  for (const line of text.split('\n')) {
    const last = directives.length - 1;
    if (last >= 0 && /^(?:[\s})\]]|<\/)/.test(line)) directives[last] += `\n${line}`;
    else directives.push(line);
  }
  return directives;
}

function withOneList(directives: readonly string[]): string[] {
  const lists = directives.filter((each) => LISTED.test(each));
  if (lists.length < 2) return [...directives];
  const values = lists.flatMap((each) => LISTED.exec(each)?.groups?.values?.split(', ') ?? []);
  const one = `Cache-Control: ${[...new Set(values)].join(', ')}`;
  return directives.flatMap((each) => (each === lists[0] ? one : lists.includes(each) ? [] : each));
}
