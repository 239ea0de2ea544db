import Courses
import Foundation
import Glibc
import Notebook
import Processes
import Workspace

/// `etude work` where there is no window: the exercise runs from the top, and then, whenever its file is saved, what
/// changed; all as lines. It ends with its input.
struct WorkLines {
    private let studio: Studio
    private let opened: OpenedNotebook
    private let file: String

    init(_ studio: Studio, _ opened: OpenedNotebook, file: String) { (self.studio, self.opened, self.file) = (studio, opened, file) }

    func run() throws {
        Interrupts.send(to: studio.interruption)
        let watch = try FileWatch(file)
        let learnerFile = LearnerFile(file, stateFolder: studio.states.folder)
        let notebook = try learnerFile.read()
        remember(learnerFile)
        let presenter = TerminalPresenter(notebook, workingDirectory: opened.folder)
        let run = try studio.run(
            notebook, as: opened.exercise, workingDirectory: opened.folder, audience: presenter, announce: presenter.announce)
        defer { run.end() }
        presenter.finish(verdicts: try run.run() ? run.verdicts() : [], wasInterrupted: false)
        let keeper = opened.keeper
        keepAttempt(run, learnerFile, keeper)
        while true {
            let ready = waitForDescriptors(
                [(0, Int16(POLLIN)), (watch.descriptor, Int16(POLLIN)), (studio.interruption.descriptor, Int16(POLLIN))], until: nil)
            if ready[2] != 0 { return }
            if ready[0] != 0 {
                var bytes = [UInt8](repeating: 0, count: 4_096)
                if read(0, &bytes, bytes.count) <= 0 { return }
            }
            guard ready[1] != 0, watch.take() == .saved else { continue }
            do {
                let notebook = try learnerFile.read()
                remember(learnerFile)
                presenter.show(notebook)
                let changed = run.update(to: notebook)
                if changed.isEmpty { continue }
                if try !run.bringUpToDate(changed) { presenter.finish(verdicts: [], wasInterrupted: true) }
                keepAttempt(run, learnerFile, keeper)
            } catch { Output.warn(sentence(for: error)) }
        }
    }

    /// Keeps the notebook, where a question of it was checked.
    private func keepAttempt(_ run: ExerciseRun, _ file: LearnerFile, _ keeper: AttemptKeeper?) {
        do { try keeper?.keep(run.takeVerdicts(), notebook: file.bytesRead ?? Data()) } catch { Output.warn(notKept(error)) }
        keeper?.tidyUp()
    }

    /// Keeps the file as it is: what the learner's editor replaces next can be had back.
    private func remember(_ file: LearnerFile) {
        do { try file.remember() } catch { Output.warn(sentence(for: error)) }
    }
}
