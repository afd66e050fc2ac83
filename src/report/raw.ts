import { LoggedPrinter } from './logged-printer.ts';

/** `--format raw`: the body's bytes, which the session writes as they come. Only the log is printed here. */
export class RawPrinter extends LoggedPrinter {
  protected override eventData(): string {
    return '';
  }

  protected override commentData(): string {
    return '';
  }
}
