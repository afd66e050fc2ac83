"""An event stream over Python's http.server: `python.py PORT`."""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Events(BaseHTTPRequestHandler):
    # HTTP/1.0, the default: no chunks, so the body ends with the connection.
    def do_GET(self):
        n = int(self.headers.get("Last-Event-ID", 0))
        query = parse_qs(urlsplit(self.path).query)
        last = float(query.get("until", ["inf"])[0])
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-cache")
        self.end_headers()
        self.wfile.write(b"retry: 100\n\n")
        try:
            while n < last:
                n += 1
                data = json.dumps({"n": n, "from": "python"})
                self.wfile.write(f"id: {n}\nevent: tick\ndata: {data}\n\n".encode())
                time.sleep(0.02)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client left

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Events)
print(f"http://127.0.0.1:{server.server_port}/events", flush=True)
server.serve_forever()
