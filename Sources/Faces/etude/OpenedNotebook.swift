import Courses
import Foundation
import Notebook
import Terminal
import Wire
import Workspace

/// A notebook that a person named, with the exercise that it belongs to.
struct OpenedNotebook {
    let notebook: Notebook
    let exercise: Exercise?
    /// The folder in which its cells run.
    let folder: String
    /// The learner's file, and the bytes that the notebook was read from; nil for the course's own copy.
    let file: (path: String, bytes: Data)?

    /// - Parameter name: a file, or an exercise's name: then the course's own copy.
    init(_ name: String, _ studio: Studio) throws {
        do { try Workspace.finishUpdate(containing: name) } catch { Output.warn(sentence(for: error)) }
        if FileManager.default.fileExists(atPath: name) {
            let bytes = try WholeFile.bytes(of: name)
            notebook = try Notebook(bytes: bytes, ofFile: name)
            file = (URL(fileURLWithPath: name).resolvingSymlinksInPath().path, bytes)
            exercise = studio.exercise(of: notebook, at: name)
            folder = URL(fileURLWithPath: name).deletingLastPathComponent().path
            studio.refreshEditor(for: name, of: exercise)
        } else if name.hasSuffix(".swift") || name.hasSuffix(".ipynb") {
            throw ValidationSentence("There is no file \(name).")
        } else {
            let found = try studio.catalog.exercise(named: name)
            (notebook, exercise, folder, file) = (try found.starter(), found, found.course.exercisesFolder, nil)
        }
    }

    /// - Throws: a sentence when the notebook has no questions.
    func desk(_ studio: Studio) throws -> QuestionDesk {
        guard let exercise, let desk = try studio.desk(for: exercise) else {
            throw ExerciseError.noQuestions(exercise?.name ?? "This notebook")
        }
        return desk
    }

    // MARK: Attempts

    /// Keeps the attempts at it; nil where there is nothing to be tried.
    var keeper: AttemptKeeper? {
        file.flatMap { AttemptKeeper(file: $0.path, exercise: exercise?.name, starter: try? exercise?.starter()) }
    }

    /// Keeps the notebook with how its questions came out, where it lies in a workspace, and that the learner was here last.
    /// Warns when it can't be kept; what was asked for goes on.
    /// - Returns: who kept it, and may tidy up when nobody waits.
    func keepAttempt(_ verdicts: [Verdict], _ states: LearnerStateStore) -> AttemptKeeper? {
        guard let file, let keeper else { return nil }
        do {
            guard try keeper.keep(verdicts, notebook: file.bytes) != nil else { return nil }
        } catch {
            Output.warn(notKept(error))
            return nil
        }
        var place = states.places.first { $0.file == file.path } ?? LearnerPlace(file: file.path, exercise: exercise?.name)
        for verdict in verdicts { place.outcomes[verdict.problem] = verdict.outcome.rawValue }
        states.remember(place)
        return keeper
    }
}

/// Why an attempt is missing from the history, for a person whose check went well.
func notKept(_ error: any Error) -> String { "This attempt was not kept. \(neutralised(sentence(for: error)))" }
