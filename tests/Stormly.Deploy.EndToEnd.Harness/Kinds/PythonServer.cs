namespace Stormly.Deploy.EndToEnd.Harness.Kinds;

/// <summary>A plugin for containers, in Python without dependencies: answers which model it is, and what it was asked.</summary>
public static class PythonServer
{
    private const string Source = """"
        """server.py MODEL [hang|500]: listens at port 5000; its status check hangs, or answers so."""
        import json
        import os
        import sys
        import time
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        MODEL, BAD = sys.argv[1], (sys.argv + [""])[2]


        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if BAD == "hang":
                    time.sleep(3600)
                text = json.dumps({"model": MODEL, "pid": os.getpid(), "body": body}, separators=(",", ":")).encode()
                self.send_response(500 if BAD == "500" else 200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass


        class Server(ThreadingHTTPServer):
            request_queue_size = 128
            daemon_threads = True


        Server(("0.0.0.0", 5000), Handler).serve_forever()

        """";

    /// <summary>Fills a plugin's folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="command">Its start command.</param>
    /// <returns>The folder.</returns>
    public static string Write(string folder, string command = "exec python3 -S -B server.py 1")
    {
        PluginFiles.Write(folder, command);
        File.WriteAllText(Path.Combine(folder, "server.py"), Source);
        return folder;
    }
}
