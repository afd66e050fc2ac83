import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergedDirectives } from '../../../src/report/check/directives.ts';

test('what several fixes have in common is written once', () => {
  assert.deepEqual(
    mergedDirectives(['buffering off;\nversion 1.1;\nheader Connection "";', 'request off;\nversion 1.1;']),
    ['buffering off;', 'version 1.1;', 'header Connection "";', 'request off;'],
  );
});

test('a directive with a remark is the same as without, and keeps the remark', () => {
  const remarked = 'buffering off;   # and take the header out';
  assert.deepEqual(mergedDirectives(['buffering off;', remarked]), [remarked]);
  assert.deepEqual(mergedDirectives([remarked, 'buffering off;']), [remarked]);
  assert.deepEqual(
    mergedDirectives([':\\n\\n   (a comment every 2 s)', ':\\n\\n   (a comment at once)']).length,
    1,
  );
});

test('blocks stay whole', () => {
  const block = 'encode {\n  gzip\n  match {\n    header a\n  }\n}';
  const other = 'events {\n  gzip\n}';
  assert.deepEqual(mergedDirectives([block, other, block]), [block, other]);
});

test('sections of Apache httpd keep their ends', () => {
  const sections = ['<IfModule a>\n  X 1\n</IfModule>', '<IfModule !a>\n  X 2\n</IfModule>'];
  assert.deepEqual(mergedDirectives([sections.join('\n')]), sections);
});

test('values of one header stand in one', () => {
  assert.deepEqual(
    mergedDirectives(['Cache-Control: no-cache, no-transform', 'X: y', 'Cache-Control: no-cache, no-store']),
    ['Cache-Control: no-cache, no-transform, no-store', 'X: y'],
  );
});
