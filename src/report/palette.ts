/** Puts text into a colour or weight, or leaves it as it is. */
export type Paint = (text: string) => string;

/** The few colours that printers use. All are the terminal theme's own. */
export interface Palette {
  dim: Paint;
  bold: Paint;
  red: Paint;
  green: Paint;
  yellow: Paint;
  cyan: Paint;
  magenta: Paint;
}

const plain: Paint = (text) => text;

/** No colour at all. */
export const plainPalette: Palette = {
  dim: plain,
  bold: plain,
  red: plain,
  green: plain,
  yellow: plain,
  cyan: plain,
  magenta: plain,
};

/** Whether text goes out without colour codes. */
export function isPlain(palette: Palette): boolean {
  return palette === plainPalette;
}

/** The coloured palette; chalk is loaded only for it. */
export async function loadPalette(color: boolean): Promise<Palette> {
  if (!color) return plainPalette;
  const { Chalk } = await import('chalk');
  // The caller has decided on colour: chalk's own detection would look at the wrong output.
  const chalk = new Chalk({ level: 1 });
  return {
    dim: paint(chalk.dim),
    bold: paint(chalk.bold),
    red: paint(chalk.red),
    green: paint(chalk.green),
    yellow: paint(chalk.yellow),
    cyan: paint(chalk.cyan),
    magenta: paint(chalk.magenta),
  };
}

/** Takes the codes from chalk once: joining strings is several times quicker than calling it for every token. */
function paint(style: (text: string) => string): Paint {
  const [open = '', close = ''] = style('\0').split('\0');
  return (text) => (text === '' ? '' : open + text + close);
}
