import ArgumentParser
import Courses
import Display
import Foundation
import Terminal
import Workspace

struct Collect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "For instructors: gather what learners have handed in, in whatever way, into one layout for grading.",
        discussion: """
            A source is a zip, a bundle or a notebook; a folder of these, as Moodle and Canvas let you download them; a folder
            of clones, as GitHub Classroom makes them; or a .txt file with a git remote a line (or: NAME REMOTE).

            What can't be read is told, and the rest goes on; the exit status is then 1. Collecting again adds what is new.

            Examples:
              etude collect ~/Downloads/submissions --out collected
              etude collect remotes.txt late/ada.zip --out collected --exercise embeddings/1
            """)

    @Argument(help: "Files, folders, and lists of remotes.") var sources: [String]
    @Option(help: ArgumentHelp("The folder to gather in; made where it is missing.", valueName: "folder")) var out: String
    @Option(help: ArgumentHelp("Only this exercise, for example embeddings/1.", valueName: "exercise")) var exercise: String?
    @Flag(help: "One JSON object a line, for scripts.") var json = false

    func run() throws {
        let studio = try Studio()
        Interrupts.send(to: studio.interruption)
        let only = try exercise.map { name in
            guard let exercise = ExerciseName(name) else { throw ValidationSentence("\"\(name)\" is no exercise's name. One looks like embeddings/1.") }
            return exercise
        }
        let collector = Collector(into: out, exercises: studio.catalog.courses.flatMap(\.exercises), only: only)
        let style = TerminalStyle.of(fileDescriptor: 1, environment: ProcessInfo.processInfo.environment)
        let report = try collector.collect(sources, progress: { done, count, name in
            guard style.isTerminal, !json else { return }
            let isDone = done == count
            Output.write(isDone ? "\r\u{1B}[K" : progressText(DisplayedProgress(label: "Collecting", fraction: Double(done) / Double(max(1, count)), detail: "\(done) of \(count)  \((name as NSString).lastPathComponent)"), style))
        }, isCancelled: { studio.interruption.isRequested })
        if json { try tellScript(report) } else { tellPerson(report) }
        if !report.refused.isEmpty { throw ExitCode(1) }
    }

    private func tellPerson(_ report: Collector.Report) {
        func print(_ text: String) { Output.write(neutralised(text) + "\n") }
        func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
        for submission in report.submissions {
            for problem in submission.problems { print("! \(submission.folder): \(problem)") }
        }
        for refused in report.refused { print("✗ \(refused.source): \(refused.sentence)") }
        if !report.refused.isEmpty || report.submissions.contains(where: { !$0.problems.isEmpty }) { print("") }
        for (exercise, some) in Dictionary(grouping: report.submissions, by: \.exercise).sorted(by: { $0.key < $1.key }) {
            let counting = some.filter(\.counts), trusted = [
                (CollectedSubmission.Trust.signed, "signed"), (.hashesMatch, "with matching hashes"), (.plain, "plain"),
            ].compactMap { trust, words in
                let number = counting.filter { $0.trust == trust }.count
                return number == 0 ? nil : "\(number) \(words)"
            }
            let earlier = some.count - counting.count
            print("\(exercise): \(count(Set(some.map(\.learner)).count, "learner")) (\(trusted.joined(separator: ", ")))" + (earlier > 0 ? ", and \(count(earlier, "earlier submission"))" : ""))
        }
        print("\(count(report.submissions.count, "submission")), \(report.added) of them new, in \(shortened(out))." + (report.refused.isEmpty ? "" : " \(count(report.refused.count, "source")) could not be taken; why stands above."))
    }

    private struct Refused: Encodable {
        var event = "refused"
        var source, text: String
    }

    private struct Collected: Encodable {
        var event = "submission"
        var submission: CollectedSubmission
    }

    private struct Summary: Encodable {
        var event = "summary"
        var submissions, added, refused: Int
    }

    private func tellScript(_ report: Collector.Report) throws {
        for submission in report.submissions { try Output.json(Collected(submission: submission)) }
        for refused in report.refused { try Output.json(Refused(source: refused.source, text: refused.sentence)) }
        try Output.json(Summary(submissions: report.submissions.count, added: report.added, refused: report.refused.count))
    }
}
