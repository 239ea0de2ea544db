import Courses
import Foundation
import Notebook
import Testing
import Tiers
@testable import Workspace

/// Downloads of an instructor's, and what is collected from them, in a folder that goes with the value.
private final class Desk {
    let folder = NSTemporaryDirectory() + "etude-collect-\(UUID().uuidString)"
    let exercises: [Exercise]
    static let starter = "// %% id=\"a\" problem=\"part1\"\nimport Small\nlet a = 0\n"

    init() throws {
        let description = """
            {"version": 1, "name": "small", "title": "T", "summary": "S",
             "exercises": [{"number": 0, "file": "0-read.swift", "title": "R", "minutes": 1}, {"number": 1, "file": "1-small.swift", "title": "T", "minutes": 1, "checker": "Small"}]}
            """
        try Desk.write(Data(description.utf8), "\(folder)/courses/exercises/small/course.json")
        for name in ["0-read", "1-small"] { try Desk.write(Data(Desk.starter.utf8), "\(folder)/courses/exercises/small/\(name).swift") }
        exercises = try Course(name: "small", root: "\(folder)/courses").exercises
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    static func write(_ data: Data, _ path: String) throws {
        let url = URL(fileURLWithPath: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }

    func put(_ path: String, _ text: String) throws { try put(path, Data(text.utf8)) }
    func put(_ path: String, _ data: Data) throws { try Desk.write(data, "\(folder)/in/\(path)") }

    /// A submission as `etude submit` makes it.
    static func submission(_ name: String, _ text: String, number: Int = 1, second: Int = 0, exercise: String = "small/1") throws -> Submission {
        let learner = name.isEmpty ? Identity.unknown : Identity(name: name, email: "\(name)@example.org")!
        return try Submission(
            Data(text.utf8), file: "1-small.swift", by: learner, exercise: ExerciseName(exercise)!, courseVersion: "1", number: number,
            date: Date(timeIntervalSince1970: 1_700_000_000 + Double(second)), etude: "1", claims: [])
    }

    func putZip(_ path: String, _ submission: Submission) throws { try put(path, ZipArchive.bytes(of: submission.files)) }

    @discardableResult
    func collect(_ sources: String..., only: String? = nil, progress: (Int, Int, String) -> Void = { _, _, _ in }) throws -> Collector.Report {
        try Collector(into: "\(folder)/out", exercises: exercises, only: only.flatMap { ExerciseName($0) }).collect((sources.isEmpty ? [""] : sources).map { "\(folder)/in/\($0)" }, progress: progress)
    }

    func record() throws -> CollectionRecord { try CollectionRecord(in: "\(folder)/out") }
    func text(_ path: String) -> String? { FileManager.default.contents(atPath: "\(folder)/out/\(path)").map { String(decoding: $0, as: UTF8.self) } }
    var learners: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/out")) ?? []).filter { $0 != "collection.json" }.sorted() }
    func sentence(_ report: Collector.Report, _ name: String) -> String { report.refused.first { $0.source.hasSuffix(name) }?.sentence ?? "" }
}

@Suite("Collecting") struct CollectorTests {
    @Test("Zips, notebooks, folders of learning platforms, and what was unpacked come into one layout")
    func layout() throws {
        let desk = try Desk()
        try desk.putZip("ada.zip", Desk.submission("ada", "ada's"))
        try desk.put("bob.swift", Desk.starter + "// bob")
        try desk.put("bob/0-read.swift", "// nothing to answer")
        try desk.put("Carla Müller_123_assignsubmission_file_/1-small.swift", Desk.starter + "// carla")
        try desk.put("dijkstraedsger_LATE_12_345_1-small.swift", Desk.starter + "// edsger")
        for (name, data) in try Desk.submission("eve", "eve's").files { try desk.put("Eve_7_assignsubmission_file_/work/\(name)", data) }
        try desk.put("Frank_8_assignsubmission_file_/course.swift.txt", "no")
        let report = try desk.collect()
        #expect(desk.learners == ["ada@example.org", "bob", "carla-müller", "dijkstraedsger", "eve@example.org"] && report.added == 5)
        #expect(desk.text("ada@example.org/small-1/1-small.swift") == "ada's" && desk.text("ada@example.org/small-1/submission.json")?.contains("\"nonce\"") == true)
        #expect(desk.text("dijkstraedsger/small-1/1-small.swift") == Desk.starter + "// edsger")
        #expect(report.refused.map { ($0.source as NSString).lastPathComponent } == ["course.swift.txt"])
        let record = try desk.record()
        #expect(record.submissions.map(\.trust) == [.hashesMatch, .plain, .plain, .plain, .hashesMatch] && record.submissions.allSatisfy { $0.counts })
        #expect(record.submissions[4].owner == "Eve" && record.submissions[4].sha256 == FileHash(of: Data("eve's".utf8)))
    }

    @Test("Clones are read as strangers: the submissions that they hold, or the notebook in the newest commit where it was worked on")
    func clones() throws {
        let desk = try Desk()
        try desk.put("classroom/small-ada/1-small.swift", Desk.starter + "// committed")
        try desk.put("classroom/small-bob/1-small.swift", Desk.starter + "// bob's")
        try desk.put("classroom/small-carla/deep/1-small.swift", Desk.starter)
        let shell = try TestRepository("true")
        for name in ["ada", "bob", "carla"] {
            try shell.shell("cd '\(desk.folder)/in/classroom/small-\(name)' && git init -q -b main . && git add . && git commit -q -m work && echo later >> 1-small.swift || true")
        }
        try shell.shell("cd '\(desk.folder)/in/classroom/small-ada' && git config user.name ada && git config user.email ada@example.org && printf '#!/bin/sh\\ntouch \(desk.folder)/ran\\n' > .git/hooks/post-checkout && chmod +x .git/hooks/*")
        let submissions = Submissions(of: ExerciseName("small/1")!, in: try Repository(containing: "\(desk.folder)/in/classroom/small-ada"))
        for number in 1...2 { _ = try submissions.add(Data("handed in \(number)".utf8), file: "1-small.swift", courseVersion: nil, claims: [], etude: "1") }
        let report = try desk.collect("classroom")
        #expect(desk.text("ada@example.org/small-1/1-small.swift") == "handed in 2" && desk.text("bob/small-1/1-small.swift") == Desk.starter + "// bob's")
        #expect(report.submissions.count == 3 && report.submissions.filter(\.counts).count == 2)
        #expect(desk.sentence(report, "small-carla").contains("no notebook of an exercise that was worked on"))
        #expect(!FileManager.default.fileExists(atPath: desk.folder + "/ran"))
    }

    @Test("Of several submissions the newest counts, in whatever order they come; the others are kept, and nothing is lost when collecting again")
    func newest() throws {
        var random = SplitMix(state: 2)
        for _ in 0..<rounds(10) {
            let desk = try Desk(), texts = ["one", "two", "three"]
            for index in texts.indices.shuffled(using: &random) {
                try desk.putZip("\(index).zip", Desk.submission("ada", texts[index], number: index + 1, second: index))
                try desk.collect("\(index).zip")
            }
            #expect(desk.text("ada@example.org/small-1/1-small.swift") == "three")
            let before = try desk.record()
            #expect(before.submissions.map(\.number) == [3, 2, 1] && before.submissions.map(\.counts) == [true, false, false])
            for submission in before.submissions { #expect(desk.text("\(submission.folder)/1-small.swift") == texts[submission.number! - 1]) }
            #expect(try desk.collect().added == 0 && desk.record().submissions.map(\.counts) == before.submissions.map(\.counts))
        }
    }

    @Test("What somebody wrote into a collected notebook is kept when a newer submission takes its place")
    func edited() throws {
        let desk = try Desk()
        try desk.putZip("1.zip", Desk.submission("ada", "one", number: 1))
        try desk.collect()
        try Desk.write(Data("one, with remarks".utf8), desk.folder + "/out/ada@example.org/small-1/1-small.swift")
        try desk.putZip("2.zip", Desk.submission("ada", "two", number: 2, second: 1))
        try desk.collect("2.zip")
        #expect(desk.text("ada@example.org/small-1/1-small.swift") == "two")
        let kept = try FileManager.default.contentsOfDirectory(atPath: desk.folder + "/out/ada@example.org/small-1/earlier")
        #expect(kept.contains { desk.text("ada@example.org/small-1/earlier/\($0)/1-small.swift") == "one, with remarks" })
        // And a file that went missing comes back.
        try FileManager.default.removeItem(atPath: desk.folder + "/out/ada@example.org")
        try desk.collect()
        #expect(desk.text("ada@example.org/small-1/1-small.swift") == "two")
    }

    @Test("Two senders who say that they are one learner are told, and kept apart; so is one who sends another's")
    func rivals() throws {
        let desk = try Desk(), one = try Desk.submission("ada", "ada's")
        try desk.putZip("Ada_1_assignsubmission_file_/a.zip", one)
        try desk.putZip("Bob_2_assignsubmission_file_/b.zip", Desk.submission("ada", "bob's", second: 9))
        try desk.putZip("Carl_3_assignsubmission_file_/c.zip", one)
        let report = try desk.collect()
        #expect(desk.learners == ["ada@example.org", "ada@example.org-2"])
        #expect(desk.text("ada@example.org/small-1/1-small.swift") == "ada's" && desk.text("ada@example.org-2/small-1/1-small.swift") == "bob's")
        let problems = report.submissions.map { $0.problems.joined(separator: " ") }
        #expect(problems.allSatisfy { $0.contains("Two senders say that they are ada@example.org") } && problems[0].contains("Carl has sent this submission, too"), "\(problems)")
        #expect(try desk.collect().submissions.map(\.problems) == report.submissions.map(\.problems))
    }

    @Test("Learners whose git knows no name are told by where their work was found, and each has a folder")
    func unnamed() throws {
        let desk = try Desk()
        try desk.putZip("Ada_1_assignsubmission_file_/learner-small-1-1.zip", Desk.submission("", "ada's"))
        try desk.putZip("Bob_1_assignsubmission_file_/learner-small-1-1.zip", Desk.submission("", "bob's"))
        let report = try desk.collect()
        #expect(desk.learners == ["ada", "bob"] && report.submissions.allSatisfy { $0.problems.contains { $0.contains("does not say whose it is") } })
    }

    @Test("What is malformed or hostile gets a sentence, and the rest is collected")
    func hostile() throws {
        let desk = try Desk()
        try desk.putZip("good.zip", Desk.submission("ada", "ada's"))
        try desk.put("noise.zip", "PK but no more")
        try desk.put("bomb.zip", ZipArchive.bytes(of: ["a.swift": Data(count: 10 << 20)]))
        try desk.put("many.zip", ZipArchive.bytes(of: Dictionary(uniqueKeysWithValues: (0..<300).map { ("\($0).swift", Data()) })))
        try desk.put("outside.zip", RawZip([.init("../../outside.swift", "let a = 1")]).bytes)
        try desk.put("binary.swift", Data([0xFF, 0xFE, 0]))
        try desk.put("cut.ipynb", "{\"cells\": [")
        try desk.put("other.swift", "let a = 1")
        var files = try Desk.submission("eve", "eve's").files
        files["1-small.swift"] = Data("changed".utf8)
        try desk.put("changed.zip", ZipArchive.bytes(of: files))
        try FileManager.default.createSymbolicLink(atPath: desk.folder + "/in/link.swift", withDestinationPath: "/etc/passwd")
        try FileManager.default.createSymbolicLink(atPath: desk.folder + "/in/loop", withDestinationPath: ".")
        mkfifo(desk.folder + "/in/pipe.swift", 0o600)
        try FileManager.default.createDirectory(atPath: desk.folder + "/in/clone/.git", withIntermediateDirectories: true)
        try desk.put("worktree/.git", "gitdir: /etc")
        let deep = (0..<20).map { "d\($0)" }.joined(separator: "/")
        try desk.put("\(deep)/a.swift", Desk.starter)
        try desk.put("cut.bundle", "# v2 git bundle\n")
        try desk.put("remotes.txt", "bob /nowhere/bob.git\nhttp://example.org/a.git\n--upload-pack=evil\next::sh -c evil\n")
        let report = try desk.collect("", "nowhere.zip", "remotes.txt")
        #expect(desk.learners == ["ada@example.org"] && report.added == 1)
        for (name, words) in [
            ("noise.zip", "no zip archive"), ("bomb.zip", "times its size"), ("many.zip", "to be unpacked first"), ("outside.zip", "file's name"),
            ("binary.swift", "UTF-8"), ("cut.ipynb", "run can read"), ("other.swift", "which exercise it answers"), ("changed.zip", "not as it was handed in"),
            ("link.swift", "a link"), ("loop", "a link"), ("clone", "Can't open"), ("worktree", "lies elsewhere"), ("d5", "too many folders"),
            ("cut.bundle", "Can't read the bundle"), ("/nowhere/bob.git", "Can't"), ("http://example.org/a.git", "https://"), ("--upload-pack=evil", "not an address"),
            ("remotes.txt:4", "a name and a remote"), ("nowhere.zip", "no such file"),
        ] { #expect(desk.sentence(report, name).contains(words), "\(name): \(desk.sentence(report, name))") }
        #expect(try desk.record().refused.count == report.refused.count)
        // What was mended is no longer told.
        try desk.putZip("noise.zip", Desk.submission("bob", "bob's"))
        try desk.collect("noise.zip")
        #expect(try desk.record().refused.count == report.refused.count - 1)
    }

    @Test("A learner's name never leads out of the collection, and no two learners share a folder", arguments: [
        "../../etc", "/root", ".git", "CON", "a/b\\c", "", " ", "...", "-rf", "collection.json", "\u{202E}evil", "Ada", "ADA", "a\u{0301}da", "\u{1B}[2J", "ａｄａ", String(repeating: "x", count: 300),
    ])
    func names(name: String) throws {
        let safe = FolderName.safe(name)
        #expect(PortablePath.isPortable(safe) && safe.utf8.count <= 64 && !safe.hasPrefix(".") && !safe.hasPrefix("-") && safe == FolderName.safe(safe))
        #expect(FolderName.unique(safe, among: Set([safe.uppercased(), "\(safe)-2"].map(FolderName.key))) == "\(safe)-3")
    }

    @Test("Names of platforms are understood, and the rest is left alone")
    func platforms() {
        #expect(OwnerName.ofPlatform(folder: "Ada_King Lovelace_1234_assignsubmission_file_") == "Ada_King Lovelace" && OwnerName.ofPlatform(folder: "work") == nil)
        #expect(OwnerName.ofPlatform(file: "lovelaceada_123_456_1-small-2.swift") == "lovelaceada" && OwnerName.original("lovelaceada_LATE_123_456_1-small.swift") == "1-small.swift")
        #expect(OwnerName.ofPlatform(file: "1-small.swift") == nil && OwnerName.original("1-small.swift") == "1-small.swift")
        #expect(OwnerName.ofRemotes(["https://h/ada/work.git", "https://h/bob/work"]) == ["ada", "bob"])
        #expect(OwnerName.ofRemotes(["git@h:course/small-ada.git", "git@h:course/small-bob.git"]) == ["ada", "bob"])
    }

    @Test("A collection that can't be read is not replaced")
    func unreadable() throws {
        let desk = try Desk()
        try desk.put("bob.swift", Desk.starter)
        for text in ["{", "{\"version\": 2}", "{\"version\": 1}"] {
            try Desk.write(Data(text.utf8), desk.folder + "/out/collection.json")
            #expect { try desk.collect() } throws: { "\($0)".contains("nothing was changed") || "\($0)".contains("Nothing was changed") }
            #expect(desk.text("collection.json") == text)
        }
    }

    @Test("A commit that says it was made at the end of time is collected like others")
    func endOfTime() throws {
        let desk = try Desk()
        try desk.put("bob/1-small.swift", Desk.starter + "// bob's")
        try TestRepository("true").shell("cd '\(desk.folder)/in/bob' && git init -q -b main . && git add . && GIT_COMMITTER_DATE='@9223372036854775 +0000' git commit -q -m late")
        #expect(try desk.collect("bob").submissions.map(\.time) == ["9999-12-31T23:59:59.000Z"])
    }

    @Test("Two people are never taken for one because their files lie in one folder, or have one name")
    func sameFolder() throws {
        let desk = try Desk()
        for path in ["week1/ada.swift", "week1/bob.swift", "week1/carla/1-small.swift", "week1/dora/1-small.swift", "week2/ada.swift"] {
            try desk.put(path, Desk.starter + "// \(path)")
        }
        for name in ["eve", "frank"] { try desk.putZip("\(name)/learner-small-1-1.zip", Desk.submission("", name)) }
        try desk.putZip("week1/gina.zip", Desk.submission("gina", "one", number: 1))
        try desk.putZip("late/gina.zip", Desk.submission("gina", "two", number: 2, second: 1))
        let report = try desk.collect()
        #expect(desk.learners == [
            "eve-learner-small-1-1", "frank-learner-small-1-1", "gina@example.org", "week1-ada", "week1-bob", "week1-carla", "week1-dora", "week2-ada",
        ])
        #expect(report.submissions.filter(\.counts).count == 8 && report.submissions.filter { $0.email != nil }.allSatisfy { $0.problems.isEmpty })
    }

    @Test("The collection among the sources is passed over, and one that another program works on is left alone")
    func own() throws {
        let desk = try Desk()
        try desk.putZip("ada.zip", Desk.submission("ada", "ada's"))
        try desk.put("bob.swift", Desk.starter)
        try desk.collect()
        #expect(try desk.collect("", "../out").added == 0 && desk.learners.count == 2)
        let descriptor = open(desk.folder + "/out", O_RDONLY | O_DIRECTORY)
        defer { close(descriptor) }
        #expect(flock(descriptor, LOCK_EX) == 0)
        #expect { try desk.collect() } throws: { "\($0)".contains("Another program collects") }
    }

    @Test("Five hundred sources are collected, with progress, and once more changes nothing")
    func many() throws {
        let desk = try Desk()
        for number in 0..<500 { try desk.putZip("\(number).zip", Desk.submission("learner\(number)", "let a = \(number)")) }
        var steps: [Int] = []
        let report = try desk.collect(progress: { done, count, _ in
            steps.append(done)
            #expect(count == 500)
        })
        #expect(report.added == 500 && desk.learners.count == 500 && steps == Array(0...500))
        let before = desk.text("collection.json")
        #expect(try desk.collect().added == 0 && desk.text("collection.json") == before)
    }
}
