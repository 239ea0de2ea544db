import Testing

/// What a hostile, or unlucky, cell does: it ends in a bounded time with a word, what was computed before is there without
/// any cell having run again, and the next cell works.
struct Attack: CustomTestStringConvertible, Sendable {
    var name: String
    /// What the cell's outcome begins with.
    var outcome: String
    /// The line of the cell that is named.
    var line: Int?
    /// What it costs to be back: how often the cells above run again.
    var reruns: ClosedRange<Int>
    /// What the outcome of the cell below begins with.
    var below: String
    var cell: String
    var testDescription: String { name }

    init(
        _ name: String, _ outcome: String, line: Int? = nil, reruns: ClosedRange<Int> = 0...0, below: String = "completed", _ cell: String
    ) {
        (self.name, self.outcome, self.line, self.reruns) = (name, outcome, line, reruns)
        (self.below, self.cell) = (below, cell)
    }

    /// A cell that sends bytes of its own to the host.
    static func message(_ name: String, _ json: String) -> Attack {
        Attack(name, nonsense, "frame(#\"\"\"\n\(json)\n\"\"\"#)\nsleep(100)")
    }

    static let nonsense = "died: The cell's process sent Etude something that can't be understood"
    static let tooLong = "died: The cell ran for longer than"
    static let endedAll = "died: The process that keeps the session was ended"

    /// Attacks on one session, one after the other.
    struct Wave: CustomTestStringConvertible, Sendable {
        var name: String
        /// How long a cell may run.
        var patience = Duration.seconds(20)
        var attacks: [Attack]
        var testDescription: String { name }
    }

    /// What the first cell of an attacked notebook gives to those below.
    static let tools = """
        import Foundation
        import Dispatch
        import Display
        @_silgen_name("fork") func forkProcess() -> Int32
        @_silgen_name("prctl") func control(_ option: Int32, _ value: Int) -> Int32
        @_silgen_name("ptrace") func trace(_ request: Int, _ process: pid_t, _ address: Int, _ data: Int) -> Int
        func raw(_ bytes: [UInt8], to descriptor: Int32 = 3) {
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
                if count <= 0 { return }
                rest = rest.dropFirst(count)
            }
        }
        func length(_ count: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } }
        func frame(_ json: String, attachment: [UInt8] = []) {
            raw(length(json.utf8.count) + length(attachment.count) + Array(json.utf8) + attachment)
        }
        func start(_ program: String, _ arguments: String...) -> pid_t {
            var pid = pid_t(), words = ([program] + arguments).map { strdup($0) } + [nil]
            posix_spawn(&pid, program, nil, nil, &words, environ)
            return pid
        }
        /// All processes of this session's program.
        func family() -> [pid_t] {
            let program = "/etude-session"
            return (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))!.compactMap { pid_t($0) }.filter {
                let mark = getenv("ETUDE_LAB").map { "ETUDE_LAB=" + String(cString: $0) } ?? "none"
                guard let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\\($0)/exe"), link.hasSuffix(program),
                    let environment = FileManager.default.contents(atPath: "/proc/\\($0)/environ") else { return false }
                return String(decoding: environment, as: UTF8.self).contains(mark)
            }
        }
        /// The processes above this one that keep the session, its parent first.
        func keepers() -> [pid_t] {
            let keeper = getppid()
            let words = (try? String(contentsOfFile: "/proc/\\(keeper)/stat", encoding: .utf8))!.split(separator: ")").last!.split(separator: " ")
            return [keeper, pid_t(words[1])!]
        }
        """
}
