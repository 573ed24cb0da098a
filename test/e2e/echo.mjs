// An echo server, or a client that writes each line of its stdin's file and logs each answer.
import fs from 'node:fs';
import net from 'node:net';

const say = (text) => process.stdout.write(`${text}\n`);
const [role, address, port, folder] = process.argv.slice(2);
if (role === 'server') {
  const server = net.createServer((socket) => socket.on('error', () => {}).pipe(socket));
  server.listen(Number(port), address, () => say('listening'));
} else {
  const socket = net.connect(Number(port), address, () => say('connected'));
  socket.on('error', (error) => say(`broken: ${error.message}`));
  socket.on('data', (data) => say(`got ${data}`));
  // A file in the folder is a word to send.
  const sent = new Set();
  setInterval(() => {
    for (const word of fs.readdirSync(folder)) {
      if (sent.has(word)) continue;
      sent.add(word);
      socket.write(word);
    }
  }, 20);
}
