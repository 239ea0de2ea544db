import Foundation
import Notebook
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

    @Test("Hints, solutions and places follow questions that have other names, once for a version, and files that were renamed")
    func follows() throws {
        let small = try SmallCourse(), exercise = try small.exercise(), folder = Workshop.newFolder("state")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = LearnerStateStore(folder: folder)
        store.update(exercise) { state in
            state.hints = ["a": 2, "b": 1, "part3.c": 3]
            state.solutions = ["a"]
        }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in ["old.swift", "new.swift"] { try Data("1".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
        var place = LearnerPlace(file: folder + "/old.swift", exercise: exercise.name, outcomes: ["a": "correct", "b": "incorrect"])
        place.questions = ["a", "b"]
        store.remember(place)
        try LearnerFile(folder + "/old.swift", stateFolder: folder).remember()
        // A swap, which would be undone were it done twice.
        for _ in 0..<2 { store.follow(QuestionRenames(["a": "b", "b": "a", "part3": "part4"]), ofExercise: exercise.name, to: "two") }
        #expect(store.state(of: exercise).hints == ["b": 2, "a": 1, "part4.c": 3] && store.state(of: exercise).solutions == ["b"])
        #expect(store.places[0].questions == ["b", "a"] && store.places[0].outcomes == ["b": "correct", "a": "incorrect"])
        try FileManager.default.removeItem(atPath: folder + "/old.swift")
        store.follow(from: folder + "/old.swift", to: folder + "/new.swift")
        #expect(store.places.map(\.file) == [folder + "/new.swift"])
        #expect(LearnerFile(folder + "/new.swift", stateFolder: folder).versions().count == 1)
    }
}
