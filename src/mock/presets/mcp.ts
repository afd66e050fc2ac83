import { McpServer } from './mcp/server.ts';
import type { Preset } from './preset.ts';

export const mcp: Preset = {
  name: 'mcp',
  summary: 'a Model Context Protocol server over streamable HTTP, with resume',
  uses: ['interval', 'count'],
  create(options) {
    const server = new McpServer(options);
    return (request) => server.answer(request);
  },
};
