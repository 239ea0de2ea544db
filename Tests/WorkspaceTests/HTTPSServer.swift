import Foundation
import Processes
import Testing
@testable import Workspace

/// A server for https on this machine, in front of git's own program for it, gone with the value.
final class HTTPSServer {
    static let program = "/usr/bin/python3"
    static var isPossible: Bool { [program, "/usr/bin/openssl", "/usr/lib/git-core/git-http-backend"].allSatisfy(FileManager.default.isExecutableFile) }

    let place: TestRepository
    let port: Int
    private let process: ChildProcess

    /// Answers under `/open`, under `/closed` to who says `lea` and `secret`, under `/moved` with another server, and
    /// under `/silent` not at all.
    private static let script = """
        import base64, http.server, os, ssl, subprocess, sys, time
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *arguments): pass
            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.headers.get("Transfer-Encoding") == "chunked":
                    while (size := int(self.rfile.readline(), 16)) > 0:
                        body += self.rfile.read(size); self.rfile.readline()
                    self.rfile.readline()
                area, _, rest = self.path[1:].partition("/")
                if area == "silent": time.sleep(1000)
                if area == "moved":
                    self.send_response(301); self.send_header("Location", "https://127.0.0.1:1/" + rest); self.send_header("Content-Length", "0"); self.end_headers(); return
                if area == "closed" and self.headers.get("Authorization") != "Basic " + base64.b64encode(b"lea:secret").decode():
                    self.send_response(401); self.send_header("WWW-Authenticate", 'Basic realm="git"'); self.send_header("Content-Length", "0"); self.end_headers(); return
                path, _, query = rest.partition("?")
                environment = dict(os.environ, GIT_PROJECT_ROOT=sys.argv[1], GIT_HTTP_EXPORT_ALL="1", PATH_INFO="/" + path, QUERY_STRING=query, REQUEST_METHOD=self.command,
                                   CONTENT_TYPE=self.headers.get("Content-Type", ""), CONTENT_LENGTH=str(len(body)), REMOTE_USER="lea", HTTP_CONTENT_ENCODING=self.headers.get("Content-Encoding", ""))
                output = subprocess.run(["/usr/lib/git-core/git-http-backend"], input=body, stdout=subprocess.PIPE, env=environment).stdout
                head, _, content = output.partition(b"\\r\\n\\r\\n")
                headers = [line.split(": ", 1) for line in head.decode().split("\\r\\n")]
                self.send_response(int(next((value.split()[0] for name, value in headers if name == "Status"), "200")))
                for name, value in headers:
                    if name != "Status": self.send_header(name, value)
                self.send_header("Content-Length", str(len(content))); self.end_headers(); self.wfile.write(content)
            do_GET = do_POST = answer
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2], sys.argv[3])
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print(server.server_address[1], flush=True)
        server.serve_forever()
        """

    init(_ setUp: String) throws {
        place = try TestRepository(setUp)
        try Data(Self.script.utf8).write(to: URL(fileURLWithPath: place.folder + "/server.py"))
        try place.shell("openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost 2> /dev/null")
        let (reading, writing) = try Descriptor.pipe()
        process = try ChildProcess(
            Self.program, ["server.py", place.folder, "certificate.pem", "key.pem"], workingDirectory: place.folder, descriptors: [1: writing.number])
        writing.close()
        // It may write the digits and the end of the line one after the other.
        var line: [UInt8] = []
        while !line.contains(10), let bytes = reading.read(), !bytes.isEmpty { line += bytes }
        port = try #require(Int(String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    deinit { process.end() }

    /// With settings of the server's own.
    /// - Parameter helper: lines for a shell, as git's credential helper.
    func transfer(helper: String? = nil) throws -> Transfer {
        var transfer = Transfer()
        transfer.environment["HOME"] = place.home
        for name in ["XDG_CONFIG_HOME", "GIT_SSL_CAINFO", "GIT_ASKPASS", "SSH_ASKPASS"] { transfer.environment[name] = nil }
        transfer.environment["GIT_CONFIG_NOSYSTEM"] = "1"
        try place.shell("git config --global http.sslCAInfo $PWD/certificate.pem")
        if let helper {
            try Data("#!/bin/sh\n\(helper)\n".utf8).write(to: URL(fileURLWithPath: place.home + "/helper"))
            try place.shell("chmod +x ../home/helper && git config --global credential.helper \(place.home)/helper")
        }
        return transfer
    }

    func url(_ path: String) throws -> GitURL { try GitURL("https://localhost:\(port)/\(path)") }

    func fetch(_ path: String, _ transfer: Transfer) throws -> (mirror: Repository, head: Remote.Head) {
        let mirror = try Repository.openBare(at: place.folder + "/mirror.git")
        return (mirror, try Remote.fetchBranch(of: url(path), into: mirror, transfer))
    }
}
