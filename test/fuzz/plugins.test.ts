import { PLUGINS } from './families/plugins.ts';
import { fuzzAll } from './fuzz.ts';

fuzzAll('checks of others', PLUGINS);
