import Foundation
import Testing

@testable import Courses

@Suite("What a learner has seen") struct LearnerStateTests {
    private let folder = Workshop.newFolder("state")
    private var file: String { folder + "/progress/small/1.json" }

    @Test("is kept from run to run")
    func kept() throws {
        let exercise = try SmallCourse().exercise()
        LearnerStateStore(folder: folder).update(exercise) { $0.hints["part1"] = 2 }
        LearnerStateStore(folder: folder).update(exercise) { $0.solutions.insert("part1") }
        let state = LearnerStateStore(folder: folder).state(of: exercise)
        #expect(state.hints == ["part1": 2] && state.solutions == ["part1"])
        #expect(try String(contentsOfFile: file, encoding: .utf8).contains("\"version\" : 1"))
    }

    @Test("keeps what several programs note in the same instant")
    func together() throws {
        let exercise = try SmallCourse().exercise()
        DispatchQueue.concurrentPerform(iterations: 8) { program in
            for number in 0..<5 { LearnerStateStore(folder: folder).update(exercise) { $0.solutions.insert("part\(program).\(number)") } }
        }
        #expect(LearnerStateStore(folder: folder).state(of: exercise).solutions.count == 40)
    }

    @Test("begins anew where its file is broken")
    func broken() throws {
        let exercise = try SmallCourse().exercise(), store = LearnerStateStore(folder: folder)
        store.update(exercise) { $0.hints["part1"] = 2 }
        for text in ["", "{", "[]", "{\"version\": 1}", "\u{0}"] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            #expect(store.state(of: exercise) == LearnerState())
            store.update(exercise) { $0.hints["part1"] = 1 }
            #expect(store.state(of: exercise).hints == ["part1": 1])
        }
    }

    @Test("is not touched where another version wrote it")
    func otherVersion() throws {
        let exercise = try SmallCourse().exercise(), store = LearnerStateStore(folder: folder)
        store.update(exercise) { $0.hints["part1"] = 2 }
        let newer = "{\"version\": 2, \"hints\": {\"part1\": 2}, \"solutions\": []}"
        try Data(newer.utf8).write(to: URL(fileURLWithPath: file))
        #expect(store.state(of: exercise) == LearnerState())
        store.update(exercise) { $0.hints["part1"] = 1 }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == newer)
    }

    @Test("is forgotten without a word where it can't be written")
    func unwritable() throws {
        let exercise = try SmallCourse().exercise(), store = LearnerStateStore(folder: "/dev/null/state")
        store.update(exercise) { $0.hints["part1"] = 1 }
        #expect(store.state(of: exercise) == LearnerState())
    }
}
