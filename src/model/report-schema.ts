import { DIALECT, type JsonSchema } from './json-schema.ts';
import { reportShape } from './report-shape.ts';

/** What `podctl doctor -o json` prints, as JSON Schema. Keys that it does not name come with later versions. */
export function reportSchema(): JsonSchema {
  return {
    $schema: DIALECT,
    $id: 'urn:podctl:report:v1',
    title: 'podctl.report/v1',
    description:
      'What podctl doctor saw of a node, and what its checks say about it. Later versions add keys.',
    ...reportShape.schema(),
  };
}
