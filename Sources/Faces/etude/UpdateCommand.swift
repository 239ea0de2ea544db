import ArgumentParser
import Courses
import Foundation
import Notebook
import Terminal
import Workspace

struct Update: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the course's new version into your folder; what you wrote stays.",
        discussion: """
            Cell by cell: what you left as it was is the course's, and what the course left as it was is yours. Where both
            changed a cell, yours runs, and the course's stands below it in comments.

            Examples:
              etude update                     the folder you are in, or where you were last
              etude update embeddings --dry-run
              etude update --undo              back to before the last update; what you wrote since stays
            """)

    @Argument(help: "Your folder of the course. Default: the one you are in, or where you were last.") var folder: String?
    @Flag(help: "Say what would happen, and change nothing.") var dryRun = false
    @Flag(help: "Take the last update back.") var undo = false
    @Flag(help: "One JSON object a line, for scripts.") var json = false

    func run() throws {
        let states = LearnerStateStore(folder: LearnerStateStore.defaultFolder())
        let folder = try folder ?? Self.presentFolder(states)
        guard let workspace = try Workspace.open(containing: folder), let description = workspace.description else {
            throw ValidationSentence("\(shortened(folder)) is no folder that `etude start` made, so there is nothing to update. Name yours: \(Invocation.name) update FOLDER")
        }
        let plan = undo ? try takenBack(workspace) : try updated(workspace, description)
        let report = UpdateReport(plan, workspace: workspace, tense: dryRun ? .planned : .done, isUndo: undo)
        guard let plan, !plan.isNothing else {
            if !dryRun, !undo { try followLastUpdate(of: workspace, description, states) }
            return try json ? report.writeJSON() : report.write()
        }
        if !dryRun {
            for (number, renames) in plan.renames { states.follow(renames, ofExercise: "\(plan.course)/\(number)", to: plan.to) }
            for file in plan.files { file.formerPath.map { states.follow(from: "\(workspace.folder)/\($0)", to: "\(workspace.folder)/\(file.path)") } }
        }
        try json ? report.writeJSON() : report.write()
    }

    private static func presentFolder(_ states: LearnerStateStore) throws -> String {
        if try WorkspaceDescription.containing(".") != nil { return "." }
        for place in states.places {
            let folder = (place.file as NSString).deletingLastPathComponent
            if try WorkspaceDescription.containing(folder) != nil { return folder }
        }
        throw ValidationSentence("This is no folder that `etude start` made. Name yours: \(Invocation.name) update FOLDER")
    }

    private func takenBack(_ workspace: Workspace) throws -> UpdatePlan? { try dryRun ? workspace.planUndo() : workspace.undoUpdate() }

    private func updated(_ workspace: Workspace, _ description: WorkspaceDescription) throws -> UpdatePlan {
        let studio = try Studio()
        Interrupts.send(to: studio.interruption)
        if try workspace.courseFiles() == nil, let begun = studio.course(pinnedBy: description) {
            try workspace.keepCourseFiles(begun.learnerFiles(), of: description)
        }
        let course = try studio.store.keep(CourseFinder(studio, "Fetching the course").newest(of: description))
        let release = try CourseRelease(course)
        return try dryRun ? workspace.planUpdate(to: release) : workspace.update(to: release)
    }

    /// What an update leaves undone whose process was killed when the files were written.
    private func followLastUpdate(of workspace: Workspace, _ description: WorkspaceDescription, _ states: LearnerStateStore) throws {
        guard let last = try workspace.lastUpdate(), let manifest = try workspace.courseFiles()?["course.json"],
            let course = try? CourseDescription(json: manifest) else { return }
        for exercise in course.exercises {
            let renames = try workspace.questionRenames(since: last.from, exercise: exercise.number)
            states.follow(renames, ofExercise: "\(course.name)/\(exercise.number)", to: description.courseVersion)
        }
    }
}
