/** What a stream may begin with, and is passed over (HTML standard, section 9.2.5): U+FEFF in UTF-8. */
export const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
