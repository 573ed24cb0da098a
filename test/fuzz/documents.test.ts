import { DOCUMENTS } from './families/documents.ts';
import { fuzzAll } from './fuzz.ts';

fuzzAll('documents that podctl wrote and reads again', DOCUMENTS);
