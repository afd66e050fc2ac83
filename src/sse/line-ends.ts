/** The two bytes that end a line: LF, CR, or CR LF as one ending (HTML standard, section 9.2.5). */
export const LF = 0x0a;
export const CR = 0x0d;
