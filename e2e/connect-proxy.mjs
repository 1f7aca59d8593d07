// A school's proxy, as Node runs it: it opens tunnels (RFC 9110 9.3.6) to port
// 443 and nothing else, and says one line for each request.
import { createServer } from "node:http";
import { connect } from "node:net";

const [host, port] = process.argv.slice(2);
const server = createServer((_, answer) => answer.writeHead(403).end());
server.on("connect", (request, client, head) => {
  client.on("error", () => client.destroy());
  const [, name, wanted] = /^(.+):(\d+)$/.exec(request.url ?? "") ?? [];
  if (!name || wanted !== "443") return refuse(request, client, 403);
  const far = connect({ host: name, port: 443 });
  far.once("connect", () => {
    console.log(`opened ${request.url}`);
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    far.write(head);
    far.pipe(client).pipe(far);
    client.on("close", () => far.destroy());
    far.on("close", () => client.destroy());
  });
  far.on("error", () => refuse(request, client, 502));
});

function refuse(request, client, status) {
  console.log(`refused ${request.url}`);
  if (client.writable) client.end(`HTTP/1.1 ${status} Refused\r\n\r\n`);
}

server.listen(Number(port), host, () => console.log("ready"));
