import ArgumentParser
import Courses
import Foundation
import Terminal
import Wire
import Workspace

struct Submit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hand in an exercise: first a dry run of what grading does, then a submission that never changes.",
        usage: "etude submit [<exercise or file>] [--to <path>] [--resend] [--yes] [--json]",
        discussion: """
            Graded is the course's notebook with your answers in it, in a new session. The dry run shows what comes out, and
            why something comes out otherwise than for you.

            The submission is kept in your repository. From there it is pushed to the remote `submit`, or the one that git's
            setting etude.submitRemote names; where there is none, it becomes a zip beside your folder.

            Examples:
              etude submit                                  where you were last
              etude submit embeddings/1
              etude submit embeddings/1 --to ~/Downloads    a zip in a folder
              etude submit embeddings/1 --to mine.bundle    a git bundle
              etude submit embeddings/1 --resend            the last one once more, as when the network was down
            """)

    @Argument(help: "An exercise (embeddings/1) or your notebook's file. Default: where you were last.") var exercise: String?
    @Option(help: ArgumentHelp("A folder, or a file that ends with .zip or .bundle.", valueName: "path")) var to: String?
    @Flag(help: "Send the submission that you made last once more; nothing runs.") var resend = false
    @Flag(help: "Hand in without being asked, whatever is not right yet.") var yes = false
    @Flag(help: "One JSON object a line, for scripts.") var json = false

    func run() throws {
        let studio = try Studio()
        Interrupts.send(to: studio.interruption)
        guard let file = try WorkPlace(studio, isAsked: false).file(for: exercise) else { throw ExitCode(2) }
        let opened = try OpenedNotebook(file, studio)
        guard let exercise = opened.exercise, exercise.checker != nil, let name = ExerciseName(exercise.name), let bytes = opened.file?.bytes else {
            throw ValidationSentence("\(shortened(file)) is no exercise with questions, so there is nothing to hand in. Name one: \(Invocation.name) submit embeddings/1")
        }
        guard let workspace = try Workspace.open(containing: file) else {
            throw ValidationSentence("\(shortened(file)) lies in no git repository, where a submission could be kept. Make one of its folder: \(Invocation.name) start \(exercise.course.name) \(shortened((file as NSString).deletingLastPathComponent))")
        }
        let submissions = workspace.submissions(of: name)
        let face: any SubmitPresenter = json ? JSONSubmitPresenter() : TextSubmitPresenter()

        let submission: Submission
        if resend {
            guard let last = try submissions.numbers().last else {
                throw ValidationSentence("There is no submission of \(name) yet. Make one: \(Invocation.name) submit \(name)")
            }
            submission = try submissions.submission(last).submission
            try deliver(submission, submissions, workspace, studio, face)
        } else {
            // What can't be written is better known before all has run.
            if let to { _ = try SubmissionTarget(path: to, of: "") }
            let dryRun = try DryRun(opened, exercise, workspace.attempts(at: name), studio, face)
            face.show(dryRun)
            guard yes || agrees(dryRun) else {
                face.say("Nothing was handed in.")
                throw ExitCode(1)
            }
            let version = workspace.description.flatMap { $0.course == exercise.course.name ? $0.courseVersion : nil } ?? exercise.course.version
            submission = try submissions.add(
                bytes, file: (file as NSString).lastPathComponent, courseVersion: version, claims: dryRun.clean.verdicts.single.map(Attempt.Result.init),
                etude: Etude.configuration.version)
            try deliver(submission, submissions, workspace, studio, face)
        }
    }

    /// A person is asked where something is not right yet.
    private func agrees(_ dryRun: DryRun) -> Bool {
        let open = dryRun.clean.verdicts.single.filter { ![.correct, .read, .unread].contains($0.outcome) }.count
        guard open > 0, !json, isatty(0) == 1, isatty(1) == 1 else { return true }
        Output.write("\(open) \(open == 1 ? "question is" : "questions are") not right yet. Hand in all the same? [y/N] ")
        return ["y", "yes"].contains((readLine() ?? "").trimmingCharacters(in: .whitespaces).lowercased())
    }

    private func deliver(_ submission: Submission, _ submissions: Submissions, _ workspace: Workspace, _ studio: Studio, _ face: any SubmitPresenter) throws {
        let remote = try submissions.remote()
        let target: SubmissionTarget = if let to { try SubmissionTarget(path: to, of: submission.fileName) } else if let remote { .remote(remote) } else {
            .zip(path: "\((workspace.folder as NSString).deletingLastPathComponent)/\(submission.fileName).zip")
        }
        do { try submissions.deliver(submission, to: target, .atTerminal("Handing in", studio)) } catch {
            face.kept(submission, at: submissions.reference(submission.manifest.number))
            let again = "\(Invocation.name) submit \(submission.manifest.exercise) --resend" + (to.map { " --to \($0)" } ?? "")
            throw ValidationSentence("\(sentence(for: error)) Your submission is kept as number \(submission.manifest.number), and did not get there. Send it again: \(again)")
        }
        face.handedIn(submission, at: submissions.reference(submission.manifest.number), target, isAddressed: to != nil || remote != nil)
        if submission.manifest.learner == .unknown {
            Output.warn("your submission does not say whose it is, since git does not know your name. Tell it: git config --global user.name \"Ada Lovelace\", and user.email likewise; then hand in again.")
        }
    }
}
