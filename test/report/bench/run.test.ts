import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { benchText } from '../../../src/report/bench/screen.ts';
import { createPalette } from '../../../src/report/palette.ts';
import { aResult, aWindow } from './results.ts';
