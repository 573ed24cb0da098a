import { WORDS } from './families/words.ts';
import { fuzzAll } from './fuzz.ts';

fuzzAll('words', WORDS);
