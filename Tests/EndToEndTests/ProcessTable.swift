import Foundation

/// What the system knows of processes.
enum ProcessTable {
    struct Known: Hashable {
        var number: pid_t
        /// A number may be given to another; a number and a time of start are not.
        var start: Substring
        var program: String
    }

    static func descendants(of host: pid_t) -> Set<Known> {
        let all = processes()
        var found: Set<Known> = [], parents: Set<pid_t> = [host]
        while true {
            let new = all.filter { parents.contains($0.parent) && !found.contains($0.process) }.map(\.process)
            if new.isEmpty { return found }
            found.formUnion(new)
            parents.formUnion(new.map(\.number))
        }
    }

    /// Which processes there are after a while of those that were, and of those that have the home in their environment.
    static func left(of below: Set<Known> = [], home: String, within patience: Duration) -> [String] {
        let mark = Data("HOME=\(home)".utf8), end = ContinuousClock.now + patience
        while true {
            let left = processes().map(\.process).filter { process in
                if below.contains(process) { return true }
                return FileManager.default.contents(atPath: "/proc/\(process.number)/environ")?.range(of: mark) != nil
            }
            if left.isEmpty || .now >= end { return left.map { "\($0.number) \($0.program)" } }
            usleep(20_000)
        }
    }

    private static func processes() -> [(process: Known, parent: pid_t)] {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))!.compactMap { entry in
            guard let number = pid_t(entry), let text = try? String(contentsOfFile: "/proc/\(entry)/stat", encoding: .utf8) else { return nil }
            let words = text.split(separator: ")").last!.split(separator: " ")
            guard words[0] != "Z", let parent = pid_t(words[1]) else { return nil }
            let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(entry)/exe")) ?? ""
            return (Known(number: number, start: words[19], program: program), parent)
        }
    }
}
