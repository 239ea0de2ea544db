import ArgumentParser
import Courses
import Foundation

struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prove that a course works.",
        discussion: """
            Every starter must run and not be attempted, every right answer pass, every wrong answer get its own mistake,
            every solution run, no hint give the solution away, and every image and link lead somewhere.

            Example:
              etude verify embeddings
            """)

    @Argument(help: "The course's name.") var course: String
    @Flag(help: "One JSON object a line, for scripts.") var json = false
    @Flag(help: "Show every finding, not only those that failed.") var verbose = false

    func run() throws {
        let studio = try Studio()
        Interrupts.send(to: studio.interruption)
        let course = try studio.catalog.course(named: course)
        var table = VerificationTable()
        let isTerminal = isatty(1) == 1
        let passed = try Verification(studio) { finding in
            table.add(finding)
            if json { try? Output.json(finding); return }
            if isTerminal { Output.write("\r\u{1B}[K") }
            if !finding.passed || verbose { print("\(finding.passed ? "✓" : "✗") \(finding.exercise) \(finding.problem) \(finding.subject): \(finding.detail)") }
            if isTerminal { Output.write("\(table.count) findings · \(finding.exercise) \(finding.problem) \(finding.subject)".prefix(78) + "") }
        }.verify(course)
        if !json {
            if isTerminal { Output.write("\r\u{1B}[K") }
            print(table.text)
            print(passed ? "The course \(course.name) is proven: \(table.count) findings." : "The course \(course.name) has \(table.failed) findings to mend, of \(table.count).")
        }
        if !passed { throw ExitCode(1) }
    }
}

/// The findings of a verification, a row a question.
struct VerificationTable {
    private var rows: [(key: String, findings: [Finding])] = []
    private(set) var count = 0
    private(set) var failed = 0

    mutating func add(_ finding: Finding) {
        count += 1
        if !finding.passed { failed += 1 }
        let key = "\(finding.exercise)  \(finding.problem)"
        if let index = rows.firstIndex(where: { $0.key == key }) { rows[index].findings.append(finding) } else { rows.append((key, [finding])) }
    }

    var text: String {
        let width = max(20, rows.map(\.key.count).max() ?? 0)
        func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(1, width - text.count)) }
        var lines = [padded("question", width + 2) + padded("starter", 9) + padded("right", 8) + padded("wrong", 8) + padded("mistakes", 10) + padded("solution", 10) + "hints"]
        for (key, findings) in rows {
            func tally(_ prefix: String) -> String {
                let some = findings.filter { $0.subject.hasPrefix(prefix) }
                return some.isEmpty ? "–" : "\(some.filter(\.passed).count)/\(some.count)"
            }
            let mistakes = Set(findings.map(\.subject).filter { $0.hasPrefix("wrong ") }).count
            if findings.first?.problem.isEmpty ?? true {
                lines.append(padded(key + "(whole)", width + 2) + "\(findings.filter(\.passed).count)/\(findings.count): " + findings.map(\.subject).joined(separator: ", "))
            } else {
                lines.append(padded(key, width + 2) + padded(tally("starter"), 9) + padded(tally("right"), 8) + padded(tally("wrong"), 8) + padded(mistakes == 0 ? "–" : "\(mistakes)", 10) + padded(tally("solution"), 10) + tally("hint"))
            }
        }
        return lines.joined(separator: "\n")
    }
}
