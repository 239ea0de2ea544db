import ArgumentParser
import CellCompiler
import Courses
import Display
import Foundation
import Processes
import Sessions
import Terminal
import Wire
import Workspace

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what is installed, what is missing, and what to do about it.",
        discussion: """
            In a folder that you work in, your repository is looked at, too. What is damaged there can be repaired, mostly
            from the attempts that it keeps; nothing is thrown away.

            Examples:
              etude doctor
              etude doctor --repair ~/learning
            """)

    @Argument(help: "A folder that you work in. Default: this one.") var folder = "."
    @Flag(help: "Repair what is damaged in your repository, as far as it can be.") var repair = false

    @Flag(help: "One JSON object a line, for scripts.") var json = false
    @Flag(help: "Fill the compiler's caches, so that the first cell is as fast as the others.") var warmUp = false

    private struct Finding: Encodable {
        var item: String
        var isWell: Bool
        var detail: String
        /// What to do when it is not well.
        var remedy: String?
    }

    func run() throws {
        let findings = try warmUp ? [warmedUp()] : (repair ? [] : examine()) + examineWorkspace()
        for finding in findings {
            if json { try Output.json(finding) } else { print("\(finding.isWell ? "✓" : "✗") \(finding.item): \(finding.detail)\(finding.remedy.map { "\n    \($0)" } ?? "")") }
        }
        if !findings.allSatisfy(\.isWell) { throw ExitCode(2) }
    }

    private func warmedUp() throws -> Finding {
        let studio = try Studio()
        let start = ContinuousClock.now
        try studio.compiler.warmUp()
        for exercise in studio.catalog.courses.flatMap(\.exercises) { _ = try studio.desk(for: exercise) }
        return Finding(item: "caches", isWell: true, detail: "filled in \((ContinuousClock.now - start).formatted(.units(allowed: [.seconds], fractionalPart: .show(length: 1))))")
    }

    private func examine() -> [Finding] {
        [
            attempt("toolchain", "Install the Swift 6.3 toolchain from https://www.swift.org/install/linux/ and put its bin folder on PATH.") {
                let toolchain = try Toolchain()
                return "Swift \(toolchain.version) in \(toolchain.root)"
            },
            attempt("installation", "Run scripts/etude once more: it builds what is missing.") { try Installation().folder },
            attempt("gnuplot", "Charts need it: apt-get install gnuplot-nox") {
                let result = try Processes.run("/usr/bin/gnuplot", ["--version"])
                return String(decoding: result.output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            },
            attempt("courses", "A course is three folders of one name under exercises, solutions and checkers; see docs/author.md.") {
                let catalog = CourseCatalog(roots: CourseCatalog.defaultRoots(program: try Installation().folder))
                guard catalog.problems.isEmpty, !catalog.courses.isEmpty else { throw ValidationSentence(catalog.problems.first ?? "no course was found") }
                return catalog.courses.map(\.name).joined(separator: ", ")
            },
            attempt("a cell", "A cell could not be compiled and run; the sentence above says why.") { try tryCell() },
        ]
    }

    private func examineWorkspace() throws -> [Finding] {
        let store = CourseStore(folder: CourseStore.defaultFolder())
        guard let found = WorkspaceDoctor.findings(in: folder, repairs: repair, store: store) else {
            if repair { throw ValidationSentence("\(folder) is not a folder that `\(Invocation.name) start` made, so there is nothing to repair.") }
            return []
        }
        return found.map { finding in
            let detail = neutralised(finding.detail) + (finding.state == .repaired ? "; repaired" : "")
            return Finding(item: finding.item, isWell: finding.state != .damaged, detail: detail, remedy: finding.remedy.map { neutralised($0) })
        }
    }

    private func attempt(_ item: String, _ remedy: String, _ examine: () throws -> String) -> Finding {
        do { return Finding(item: item, isWell: true, detail: try examine()) } catch {
            return Finding(item: item, isWell: false, detail: sentence(for: error), remedy: remedy)
        }
    }

    private func tryCell() throws -> String {
        let studio = try Studio()
        let session = NotebookSession(.init(installation: studio.installation), compiler: studio.compiler)
        defer { session.end() }
        let start = ContinuousClock.now
        let observer = NobodyWatches()
        let result = try session.run(CellSource(id: "doctor", text: "let answer = \(Int.random(in: 0..<1_000_000))\nanswer + 1", name: "the doctor's cell"), observer: observer)
        guard result.succeeded else { throw ValidationSentence("\(result.outcome)") }
        return "compiled and run in \((ContinuousClock.now - start).formatted(.units(allowed: [.milliseconds])))"
    }
}

/// For cells whose output is of no interest.
private final class NobodyWatches: SessionObserver {
    func sessionPrinted(_ bytes: [UInt8], isError: Bool) {}
    func sessionDisplayed(_ value: DisplayValue, identifier: Int?) {}
    func sessionSaves(_ value: DisplayValue, path: String) {}
    func sessionAsks(_ request: QuestionRequest, answers: any AnswerSource) {}
}
