import Foundation
import Glibc
import Testing

/// A program in a terminal of its own: what it writes is drawn on a grid of cells, as a terminal would.
final class TerminalWindow {
    /// glibc's `POSIX_SPAWN_SETSID`, which its headers show to GNU programs only.
    private static let newSession: Int16 = 0x80

    private let master: Int32
    private let slave: Int32
    let process: pid_t
    private(set) var grid: Grid
    /// All that the program wrote.
    private(set) var sent: [UInt8] = []
    private var ending: Int32?

    init(_ program: String, _ arguments: [String], environment: [String: String], folder: String, columns: Int = 80, rows: Int = 24) throws {
        var (master, slave): (Int32, Int32) = (-1, -1)
        var name = [CChar](repeating: 0, count: 256)
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        try #require(openpty(&master, &slave, &name, nil, &size) == 0)
        (self.master, self.slave, grid) = (master, slave, Grid(columns: columns, rows: rows))
        _ = fcntl(master, F_SETFD, FD_CLOEXEC)
        _ = fcntl(slave, F_SETFD, FD_CLOEXEC)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        // The first terminal that the leader of a session opens becomes its own.
        posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        // The test's own process may hold signals back.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Self.newSession | Int16(POSIX_SPAWN_SETSIGMASK))
        var pid = pid_t()
        var argv: [UnsafeMutablePointer<CChar>?] = (["env", "-C", folder, program] + arguments).map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        let code = posix_spawn(&pid, "/usr/bin/env", &actions, &attributes, &argv, &envp)
        posix_spawn_file_actions_destroy(&actions)
        posix_spawnattr_destroy(&attributes)
        process = pid
        try #require(code == 0, "\(String(cString: strerror(code)))")
    }

    deinit {
        if ending == nil { kill(process, SIGKILL); waitpid(process, nil, 0) }
        close(master)
        close(slave)
    }

    /// All that is seen, a line a row.
    var text: String { grid.lines.joined(separator: "\n") }

    /// How the terminal treats keys: cooked or raw.
    var modes: [UInt32] {
        var modes = termios()
        tcgetattr(slave, &modes)
        return [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag]
    }

    func press(_ keys: String) { _ = keys.utf8.withContiguousStorageIfAvailable { write(master, $0.baseAddress, $0.count) } }

    func resize(columns: Int, rows: Int) {
        grid = Grid(columns: columns, rows: rows)
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

    /// Waits until what is seen is as wanted. Returns whether it came to that.
    func waits(seconds: Double = 60, _ isWanted: (TerminalWindow) -> Bool) -> Bool {
        let deadline = Date() + seconds
        repeat {
            if isWanted(self) { return true }
            var entry = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            poll(&entry, 1, 50)
            guard entry.revents & Int16(POLLIN) != 0 else { continue }
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(master, &buffer, buffer.count)
            if count <= 0 { continue }
            grid.write(buffer.prefix(count))
            sent += buffer.prefix(count)
        } while Date() < deadline
        return isWanted(self)
    }

    func shows(_ words: String..., seconds: Double = 60) -> Bool { waits(seconds: seconds) { window in words.allSatisfy(window.text.contains) } }

    /// Kills the program. Returns how it ended, which may have been before.
    func killed() -> Int32 {
        var status: Int32 = 0
        kill(process, SIGKILL)
        if ending == nil, waitpid(process, &status, 0) == process { ending = status }
        return ending ?? -1
    }

    /// Waits for the program's end. Returns how it ended, as `waitpid` says; nil when it goes on.
    func end(seconds: Double = 20) -> Int32? {
        _ = waits(seconds: seconds) { window in
            var status: Int32 = 0
            if window.ending == nil, waitpid(window.process, &status, WNOHANG) == window.process { window.ending = status }
            return window.ending != nil
        }
        // What it wrote last.
        _ = waits(seconds: 0.2) { _ in false }
        return ending
    }
}

/// The cells of a terminal's window and its switches, moved by the few sequences that a full screen needs.
struct Grid {
    private(set) var columns: Int, rows: Int
    private var cells: [[Character]]
    private var cursor = (row: 0, column: 0)
    private var pending: [UInt8] = []
    /// Private modes that are on, such as 1049, the other screen.
    private(set) var modes: Set<Int> = [7, 25]

    init(columns: Int, rows: Int) {
        (self.columns, self.rows) = (columns, rows)
        cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
    }

    var lines: [String] { cells.map { String($0) } }

    mutating func write(_ bytes: some Sequence<UInt8>) {
        pending += bytes
        // A character that is not whole yet stays for the next time.
        var count = pending.count
        while count > 0, count > pending.count - 4, String(validating: pending[..<count], as: UTF8.self) == nil { count -= 1 }
        var text = String(decoding: pending[..<count], as: UTF8.self).unicodeScalars[...]
        let rest = Array(pending[count...])
        while let scalar = text.first {
            guard scalar == "\u{1B}" else { put(scalar); text = text.dropFirst(); continue }
            guard let next = text.dropFirst().first else { break }
            guard next == "[" else {
                let body = text.dropFirst(2)
                if "]P_^X".unicodeScalars.contains(next) {
                    guard let end = body.firstIndex(where: { $0 == "\u{7}" || $0 == "\u{1B}" }) else { break }
                    text = text[end...].dropFirst(text[end] == "\u{7}" ? 1 : 2)
                } else { text = body }
                continue
            }
            guard let final = text.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0.value) }) else { break }
            perform(String(text[text.startIndex..<final].dropFirst(2)), text[final])
            text = text[text.index(after: final)...]
        }
        pending = Array(String(text).utf8) + rest
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\r": cursor.column = 0
        case "\n": cursor.row = min(rows - 1, cursor.row + 1)
        case "\u{0}"..<" ": break
        default:
            if cursor.row < rows, cursor.column < columns { cells[cursor.row][cursor.column] = Character(scalar) }
            cursor.column += 1
        }
    }

    private mutating func perform(_ parameters: String, _ final: Unicode.Scalar) {
        let numbers = parameters.drop { $0 == "?" }.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        switch final {
        case "H": cursor = (max(1, numbers.first ?? 1) - 1, max(1, numbers.count > 1 ? numbers[1] : 1) - 1)
        case "J": cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
        case "K": if cursor.row < rows { for column in min(cursor.column, columns)..<columns { cells[cursor.row][column] = " " } }
        case "h" where parameters.hasPrefix("?"): modes.formUnion(numbers)
        case "l" where parameters.hasPrefix("?"): modes.subtract(numbers)
        default: break
        }
    }
}
