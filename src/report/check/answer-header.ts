/** Behind it stands what is remarked of a line: `   (and not: public)`. */
const HEADER = /^(?<name>[A-Z][A-Za-z-]*): (?<value>\S.*?)(?: {3}\((?<remark>.*)\))?$/;

/** A header that the application is to answer with. */
export interface AnswerHeader {
  /** `Cache-Control: no-store` */
  header: string;
  /** How to send it, behind what is remarked of it: `(Node: res.setHeader('Cache-Control', 'no-store'))`. */
  how: string;
}

/** What a line for the application says, where that is a header: it does not say so itself. */
export function answerHeaderIn(line: string): AnswerHeader | undefined {
  const { name, value, remark } = HEADER.exec(line)?.groups ?? {};
  if (name === undefined || value === undefined) return undefined;
  const node = `Node: res.setHeader('${name}', '${value}')`;
  return { header: `${name}: ${value}`, how: `(${remark === undefined ? '' : `${remark}; `}${node})` };
}
