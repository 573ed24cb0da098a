import { OWN } from './families/own.ts';
import { fuzzAll } from './fuzz.ts';

fuzzAll('files of podctl and its users', OWN);
