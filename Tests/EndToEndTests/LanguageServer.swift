import Foundation
import Processes
import Testing

/// Swift's language server at work on a folder, as an editor talks to it: JSON-RPC in frames with a `Content-Length`.
///
/// The process ends with the object.
final class LanguageServer {
    private let process: ChildProcess
    private let input: Descriptor
    private let output: Descriptor
    private var unread: [UInt8] = []
    private var requests = 0
    private let folder: String
    private var texts: [String: String] = [:]

    struct Failure: Error, CustomStringConvertible { let description: String }

    init(_ executable: String, folder: String, environment: [String: String]) throws {
        ignoreBrokenPipes()
        let (inputReading, inputWriting) = try Descriptor.pipe()
        let (outputReading, outputWriting) = try Descriptor.pipe()
        process = try ChildProcess(
            executable, environment: environment, workingDirectory: folder, descriptors: [0: inputReading.number, 1: outputWriting.number])
        (input, output, self.folder) = (inputWriting, outputReading, folder)
        let root = URL(fileURLWithPath: folder).absoluteString
        _ = try request("initialize", [
            "processId": getpid(), "rootUri": root, "workspaceFolders": [["uri": root, "name": "exercises"]],
            "capabilities": [String: Any](),
        ])
        try send(["method": "initialized", "params": [String: Any]()])
    }

    deinit { process.end() }

    // MARK: What editors ask

    /// Opens a notebook, with lines added below its last.
    func open(_ file: String, adding lines: String = "") throws {
        let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8) + lines
        texts[file] = text
        try send(["method": "textDocument/didOpen", "params": [
            "textDocument": ["uri": uri(file), "languageId": "swift", "version": 1, "text": text] as [String: Any],
        ]])
    }

    struct Diagnostic: Equatable {
        enum Severity: Int { case error = 1, warning, information, hint }
        /// As it stands in the file.
        var line: String
        var severity: Severity?
        var message: String
    }

    func diagnostics(of file: String) throws -> [Diagnostic] {
        let result = try request("textDocument/diagnostic", ["textDocument": ["uri": uri(file)]])
        let items = try #require((result as? [String: Any])?["items"] as? [[String: Any]])
        let lines = lines(of: file)
        return try items.map { item in
            let start = try #require((item["range"] as? [String: [String: Int]])?["start"]?["line"])
            return Diagnostic(
                line: lines[start], severity: (item["severity"] as? Int).flatMap(Diagnostic.Severity.init), message: item["message"] as? String ?? "")
        }
    }

    /// What is offered behind a text's last occurrence: names without their parameters.
    func completions(behind text: String, in file: String) throws -> Set<String> {
        let result = try request("textDocument/completion", try place(behind: text, in: file))
        let items = try #require((result as? [String: Any])?["items"] as? [[String: Any]])
        return Set(items.compactMap { $0["label"] as? String }.map { String($0.drop { $0 == "(" }.prefix { $0 != "(" && $0 != ":" }) })
    }

    /// What is shown of the name that ends with a text's last occurrence.
    func explanation(of text: String, in file: String) throws -> String {
        var place = try place(behind: text, in: file)
        if var position = place["position"] as? [String: Int] {
            position["character"]! -= 1
            place["position"] = position
        }
        let result = try request("textDocument/hover", place) as? [String: Any]
        return (result?["contents"] as? [String: Any])?["value"] as? String ?? ""
    }

    private func lines(of file: String) -> [String] { (texts[file] ?? "").components(separatedBy: "\n") }
    private func uri(_ file: String) -> String { URL(fileURLWithPath: "\(folder)/\(file)").absoluteString }

    private func place(behind text: String, in file: String) throws -> [String: Any] {
        let (number, line) = try #require(lines(of: file).enumerated().reversed().first { $0.element.contains(text) })
        let end = try #require(line.range(of: text, options: .backwards)).upperBound
        return ["textDocument": ["uri": uri(file)], "position": ["line": number, "character": end.utf16Offset(in: line)]]
    }

    // MARK: JSON-RPC

    private func request(_ method: String, _ parameters: [String: Any]) throws -> Any? {
        requests += 1
        try send(["id": requests, "method": method, "params": parameters])
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            let message = try receive(until: deadline)
            guard let id = message["id"] else { continue }
            if message["method"] != nil {
                // The server asks too, for what this editor can't do.
                try send(["id": id, "result": NSNull()])
            } else if id as? Int == requests {
                if let error = message["error"] { throw Failure(description: "\(method): \(error)") }
                return message["result"]
            }
        }
    }

    private func send(_ message: [String: Any]) throws {
        let body = try JSONSerialization.data(withJSONObject: message.merging(["jsonrpc": "2.0"]) { $1 })
        guard input.write(Data("Content-Length: \(body.count)\r\n\r\n".utf8) + body) else { throw Failure(description: "the language server has ended") }
    }

    private func receive(until deadline: ContinuousClock.Instant) throws -> [String: Any] {
        while true {
            if let end = Data(unread).range(of: Data("\r\n\r\n".utf8)) {
                let head = String(decoding: unread[..<end.lowerBound], as: UTF8.self)
                let count = try #require(head.components(separatedBy: "Content-Length: ").last.flatMap { Int($0.prefix { $0.isNumber }) })
                if unread.count >= end.upperBound + count {
                    let body = Data(unread[end.upperBound..<end.upperBound + count])
                    unread.removeFirst(end.upperBound + count)
                    return try #require(JSONSerialization.jsonObject(with: body) as? [String: Any])
                }
            }
            guard waitForDescriptors([(output.number, Int16(POLLIN))], until: deadline)[0] != 0 else {
                throw Failure(description: "the language server has not answered")
            }
            let bytes = output.read() ?? []
            guard !bytes.isEmpty else { throw Failure(description: "the language server has ended") }
            unread += bytes
        }
    }
}
