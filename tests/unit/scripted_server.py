"""Un servidor HTTP de bolsillo que hace lo que se le manda, respuesta a respuesta."""

import http.server
import threading
import time


class ScriptedServer:
    """Sirve ``content`` en 127.0.0.1. Cada petición gasta un paso de ``script``.

    Pasos: ``"ok"`` (entiende Range e If-Range), ``"whole"`` (siempre el archivo entero),
    ``"cut:N"`` (anuncia todo y cuelga tras N bytes), ``"stall:N"`` (tras N bytes calla),
    ``"chunked"`` (sin tamaño), ``"redirect"``, ``"shifted"`` (206 que empieza donde no es),
    ``"drop"`` (cierra sin responder) o un código («404»). Agotado el guion, ``"ok"``.
    """

    def __init__(self, content: bytes, etag: str = '"v1"'):
        self.content, self.etag, self.script = content, etag, []
        self.requests: list[tuple[str, str | None]] = []
        self.stalled = threading.Event()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.0"

            def do_GET(self):
                outer.answer(self)

            def log_message(self, *args):
                pass

        self.httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.httpd.daemon_threads = True
        self.httpd.handle_error = lambda *args: None  # cortes provocados por las pruebas
        threading.Thread(target=self.httpd.serve_forever, args=(0.02,), daemon=True).start()

    def url(self, name="archivo.bin") -> str:
        return f"http://127.0.0.1:{self.httpd.server_port}/{name}"

    def close(self):
        self.stalled.set()
        self.httpd.shutdown()
        self.httpd.server_close()

    def answer(self, handler):
        asked = handler.headers.get("Range")
        self.requests.append((handler.path, asked))
        step = self.script.pop(0) if self.script else "ok"
        kind, _, amount = step.partition(":")
        if kind == "drop":
            handler.close_connection = True
            return
        if kind.isdigit():
            handler.send_error(int(kind))
            return
        if kind == "redirect":
            handler.send_response(302)
            handler.send_header("Location", "/otro/sitio.bin")
            handler.end_headers()
            return
        start = 0
        if asked and kind != "whole":
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            if handler.headers.get("If-Range") != self.etag:
                start = 0
        if start and start >= len(self.content):
            handler.send_error(416)
            return
        body = self.content[start:]
        handler.send_response(206 if start else 200)
        handler.send_header("ETag", self.etag)
        if start:
            first = start - 1 if kind == "shifted" else start
            last = len(self.content) - 1
            handler.send_header("Content-Range", f"bytes {first}-{last}/{len(self.content)}")
        if kind != "chunked":
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: int(amount)] if amount else body)
        if kind == "stall":
            handler.wfile.flush()
            self.stalled.wait(20)
        if kind == "slow":
            time.sleep(0.2)
