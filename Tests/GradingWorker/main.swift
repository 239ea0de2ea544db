// Grades submissions with made-up results until none is left, and says what becomes of each; a process of its own, so that
// tests can kill and stop it. Usage: grading-worker GRADEBOOK EXERCISE NAME CHUNK LEASE-MILLISECONDS WORK-MICROSECONDS
import Foundation
import Gradebook
import Workspace

let arguments = CommandLine.arguments
guard arguments.count == 7, let exercise = ExerciseName(arguments[2]), let chunk = Int(arguments[4]), let lease = Int(arguments[5]), let work = UInt32(arguments[6]) else {
    FileHandle.standardError.write(Data("Usage: grading-worker GRADEBOOK EXERCISE NAME CHUNK LEASE-MILLISECONDS WORK-MICROSECONDS\n".utf8))
    exit(2)
}
let worker = "\(arguments[3])/\(getpid())"

func say(_ line: String) {
    var bytes = Array((line + "\n").utf8)
    write(1, &bytes, bytes.count)
}

do {
    let gradebook = try SQLiteGradebook(at: arguments[1])
    guard let round = try gradebook.currentRound(of: exercise) else { exit(3) }
    while true {
        let claims = try gradebook.claim(chunk, of: round.id, by: worker, for: .milliseconds(lease))
        if claims.isEmpty {
            if try gradebook.progress(of: round.id).isOver { break }
            usleep(20_000)
        }
        for claim in claims where try gradebook.begin(claim, for: .milliseconds(lease)) {
            say("begun \(claim.submission.student.learner)")
            usleep(work)
            let results = claim.questions.map { QuestionResult($0, .correct, points: 1, sentence: "By \(worker).") }
            say("\(try gradebook.finish(claim, with: GradingRun(results, sandbox: "none"))) \(claim.submission.student.learner)")
        }
    }
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
}
