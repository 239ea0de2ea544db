import Foundation
import Processes
import Testing
import Tiers

/// Handing in is killed at any moment: a submission is there as a whole or not at all, on its reference and in its file, and
/// none that was there before changes.
@Suite struct KilledSubmitTests {
    @Test("Killed while handing in, there is no submission or a whole one, and no earlier one has changed")
    func submit() throws {
        let life = try KilledLife(), learner = life.learner
        var (before, text, handedIn, lost): ([String: String], String, Int, Int) = ([:], "", 0, 0)
        try life.endAtRandom(rounds(75)) { round in
            text = try learner.save(LearnerWorkspace.starter.replacingOccurrences(of: "first = 0", with: "first = \(round)"))
            let zip = "\(learner.etude.home)/handed-in/\(round).zip"
            return KilledLife.Moment(["submit", learner.file, "--yes", "--to", zip], allowed: [text]) { hasEnded in
                let submissions = try references(learner)
                #expect(before.allSatisfy { submissions[$0.key] == $0.value } && submissions.count <= before.count + 1)
                let new = submissions.keys.filter { before[$0] == nil }
                before = submissions
                for name in new {
                    let files = try learner.git("ls-tree", "-r", "--name-only", name)
                    #expect(files == "1-tries.swift\nsubmission.json\n")
                    #expect(try learner.git("show", "\(name):1-tries.swift") == text)
                }
                if new.isEmpty { lost += 1 } else { handedIn += 1 }
                let isThere = FileManager.default.fileExists(atPath: zip)
                if isThere { #expect(try run("/usr/bin/unzip", ["-tq", zip]).succeeded && !new.isEmpty) }
                if hasEnded { #expect(isThere) }
            }
        }
        #expect(handedIn > 2 && lost > 0)
        // What did not reach its file is sent once more.
        let again = try learner("submit", learner.file, "--resend", "--to", "last.zip")
        #expect(again.status == 0, "\(again)")
    }

    private func references(_ learner: LearnerWorkspace) throws -> [String: String] {
        let lines = try learner.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/etude/submissions").split(separator: "\n")
        return Dictionary(uniqueKeysWithValues: lines.map { line in (String(line.split(separator: " ")[0]), String(line.split(separator: " ")[1])) })
    }
}
