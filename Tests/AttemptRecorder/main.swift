// Does what a workspace is for, again and again or once; a process of its own, so that tests can kill it. Usage:
//   attempt-recorder FOLDER EXERCISE COUNT [PACK-EVERY]     records attempts, and prints each one's name once it is kept
//   attempt-recorder --create FOLDER
//   attempt-recorder --update FOLDER VERSION FILES, --undo FOLDER
//   attempt-recorder --fetch ADDRESS MIRROR
//   attempt-recorder --submit FOLDER                        hands in, into zips beside the folder, and prints each one's number
import Courses
import Foundation
import Workspace

let arguments = CommandLine.arguments
if arguments.count == 3, arguments[1] == "--create" {
    let files = (0..<20).map { ("folder\($0 % 3)/\($0).swift", Data("let a = \($0)\n".utf8)) }
    _ = try Workspace.create(at: arguments[2], of: WorkspaceDescription(course: "embeddings", courseVersion: "1"), files: Dictionary(uniqueKeysWithValues: files))
    exit(0)
}
if arguments.count >= 3, ["--update", "--undo"].contains(arguments[1]), let workspace = try Workspace.open(containing: arguments[2]) {
    if arguments[1] == "--undo" { exit(try workspace.undoUpdate() == nil ? 1 : 0) }
    let names = FileManager.default.enumerator(atPath: arguments[4])?.compactMap { $0 as? String } ?? []
    let files = names.compactMap { name in FileManager.default.contents(atPath: "\(arguments[4])/\(name)").map { (name, $0) } }
    try workspace.update(to: CourseRelease(version: arguments[3], files: Dictionary(uniqueKeysWithValues: files)))
    exit(0)
}
if arguments.count == 4, arguments[1] == "--fetch" {
    _ = try Remote.fetchBranch(of: GitURL(arguments[2]), into: .openBare(at: arguments[3]))
    exit(0)
}
if arguments.count == 3, arguments[1] == "--submit", let exercise = ExerciseName("embeddings/1") {
    let submissions = Submissions(of: exercise, in: try Repository(containing: arguments[2]))
    while true {
        let submission = try submissions.add(
            Data("let process = \(getpid())\n".utf8), file: "exercise.swift", courseVersion: "1", claims: [], etude: "1")
        try submissions.deliver(submission, to: SubmissionTarget(path: arguments[2] + "/../zips/", of: "\(submission.manifest.number)"))
        var line = Array("\(submission.manifest.number)\n".utf8)
        write(1, &line, line.count)
    }
}
guard arguments.count >= 4, let exercise = ExerciseName(arguments[2]), let count = Int(arguments[3]) else {
    FileHandle.standardError.write(Data("Usage: attempt-recorder FOLDER EXERCISE COUNT [PACK-EVERY]\n".utf8))
    exit(2)
}
let packEvery = arguments.count > 4 ? Int(arguments[4]) : nil
do {
    let repository = try Repository(containing: arguments[1])
    let attempts = Attempts(at: exercise, in: repository)
    for number in 0..<count {
        let text = "let process = \(getpid()), number = \(number)\n" + String(repeating: "// some prose\n", count: 200)
        let id = try attempts.record(Attempt(
            exercise: exercise, courseVersion: "1", file: "exercise.swift",
            results: [.init(problem: "question", outcome: number % 2 == 0 ? .correct : .incorrect, points: 1)], notebook: Data(text.utf8)))
        var line = Array("\(id)\n".utf8)
        write(1, &line, line.count)
        if let packEvery, number % packEvery == packEvery - 1 { try Attempts.pack(repository) }
    }
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
}
