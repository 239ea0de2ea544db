import Foundation
import Processes
import Testing
import Tiers
@testable import Workspace

@Suite("Submissions") struct SubmissionTests {
    private let notebook = Data("let answer = 6\r\n\u{0}".utf8)
    private let claims = [Attempt.Result(problem: "part1", outcome: .correct, points: 1), .init(problem: "part 2", outcome: .incorrect, mistake: "bias-per-user")]

    private func add(to repository: TestRepository, _ notebook: Data? = nil) throws -> Submission {
        try Submissions(of: .first, in: repository.open()).add(
            notebook ?? self.notebook, file: "1-embedding-layers.swift", courseVersion: "1.2", claims: claims, etude: "0.1.0",
            date: Date(timeIntervalSince1970: 1_700_000_000.123))
    }

    @Test("A submission is a commit without parents that holds the notebook and a manifest; the learner's work is as it was, and no hook ran")
    func commit() throws {
        let repository = try TestRepository.withWork()
        try repository.shell("git config user.name 'Ada Lovelace' && git config user.email ada@example.org")
        let before = try repository.contents()
        let first = try add(to: repository), second = try add(to: repository)
        #expect(first.manifest.number == 1 && second.manifest.number == 2 && first.manifest.nonce != second.manifest.nonce)
        #expect(try repository.contents() == before && repository.complaints() == "")
        let name = "refs/etude/submissions/embeddings/1/2"
        #expect(try repository.shell("git show -s --format='%P|%an|%ae|%s' \(name) && git ls-tree -r --name-only \(name)") == "|Ada Lovelace|ada@example.org|embeddings/1: submission 2\n1-embedding-layers.swift\nsubmission.json")
        #expect(try repository.shell("git show \(name):1-embedding-layers.swift | sha256sum").hasPrefix(second.manifest.hash.description))
        #expect(try repository.shell("git show \(name):submission.json | grep time").contains("2023-11-14T22:13:20.123Z"))

        let submissions = Submissions(of: .first, in: try repository.open(trust: .stranger))
        #expect(try submissions.numbers() == [1, 2] && submissions.submission(1).submission == first)
        #expect(try Submissions.all(in: submissions.repository) == [.first: [1, 2]])
        #expect { try submissions.submission(3) } throws: { ($0 as? GitError)?.code == .notFound }
    }

    @Test("Two programs that hand in at once get a number each")
    func concurrent() async throws {
        let repository = try TestRepository()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 { group.addTask { for _ in 0..<20 { _ = try self.add(to: repository) } } }
            try await group.waitForAll()
        }
        #expect(try Submissions(of: .first, in: repository.open()).numbers() == Array(1...40))
    }

    @Test("Whenever a process that hands in is killed, every submission is whole, those that it had finished are in their zips, and the next can hand in")
    func killed() throws {
        let repository = try TestRepository.withWork(), zips = repository.folder + "/../zips/"
        let before = try repository.contents()
        var finished: [String] = []
        for round in 0..<rounds(60) {
            let (reading, writing) = try Descriptor.pipe()
            let child = try ChildProcess(Recorder.program, ["--submit", repository.folder], descriptors: [1: writing.number])
            writing.close()
            // From before its first submission on, however slow the machine is.
            var output: [UInt8] = []
            while output.count(where: { $0 == 0x0A }) < round % 4, let bytes = reading.read(), !bytes.isEmpty { output += bytes }
            _ = child.wait(until: .now + .microseconds(.random(in: 0...30_000)))
            _ = child.end()
            while let bytes = reading.read(), !bytes.isEmpty { output += bytes }
            reading.close()
            finished += String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        }
        let submissions = Submissions(of: .first, in: try repository.open()), numbers = try submissions.numbers()
        #expect(finished.count > 20 && numbers == Array(1...numbers.count))
        let all = try numbers.map { try submissions.submission($0).submission }
        for number in finished.compactMap({ Int($0) }) { #expect(try all[number - 1].files == ZipArchive.files(in: Data(contentsOf: URL(fileURLWithPath: "\(zips)\(number).zip")))) }
        for name in try FileManager.default.contentsOfDirectory(atPath: zips) where name.hasSuffix(".zip") {
            #expect(try Submission(files: ZipArchive.files(in: Data(contentsOf: URL(fileURLWithPath: zips + name)))).manifest.number <= numbers.count)
        }
        _ = try add(to: repository)
        #expect(try repository.complaints() == "" && repository.contents() == before)
    }

    @Test("What is handed in has a notebook's name and size")
    func refusesOwn() throws {
        let repository = try TestRepository()
        let submissions = Submissions(of: .first, in: try repository.open())
        for name in ["notes.txt", "../a.swift", ".a.swift", "con.swift", "submission.json", "a\u{202E}.swift"] {
            #expect(throws: SubmissionError.self) { try submissions.add(notebook, file: name, courseVersion: nil, claims: [], etude: "1") }
        }
        #expect(throws: SubmissionError.self) { try add(to: repository, Data(count: Attempt.greatestNotebook + 1)) }
        #expect(try submissions.numbers() == [])
    }

    private func refusal(_ files: [String: Data]) -> String {
        do { return "read: \(try Submission(files: files).manifest.file)" } catch { return "\(error)" }
    }

    @Test("A sent submission is taken only as it was made")
    func sent() throws {
        let files = try add(to: TestRepository()).files
        #expect(try Submission(files: ZipArchive.files(in: ZipArchive.bytes(of: files))).files == files)
        var changed = files
        changed["1-embedding-layers.swift"] = Data("let answer = 7".utf8)
        #expect(refusal(changed).contains("not as it was handed in"))
        changed = files
        changed["more.swift"] = Data()
        #expect(refusal(changed).contains("beside the notebook"))
        #expect(refusal(files.filter { $0.key == "submission.json" }).contains("should hold 1-embedding-layers.swift"))
        #expect(refusal([:]).contains("no submission.json"))
    }

    @Test("A manifest that is not one is refused, with the key", arguments: [
        ("\"version\" : 1", "\"version\" : 2", "reads version 1"), ("\"version\" : 1", "\"version\" : \"1\"", "JSON with a version"),
        ("embeddings/1", "embeddings/../1", "exercise's name"), ("\"course\" : \"embeddings\"", "\"course\" : \"other\"", "exercise's name"),
        ("\"number\" : 1,", "\"number\" : 0,", "\"number\""), ("\"number\" : 1,", "", "\"number\""), ("\"file\" : \"1-embedding-layers.swift\"", "\"file\" : \"../1.swift\"", "\"file\""),
        ("2023-11-14T22:13:20.123Z", "yesterday", "\"time\""), ("\"part1\"", "[]", "claims[0].problem"), ("correct", "perfect", "known outcome"),
        ("ada@example.org", "<>", "\"learner\""),
    ])
    func manifests(old: String, new: String, words: String) throws {
        var files = try add(to: TestRepository("git init -q . && git config user.name Ada && git config user.email ada@example.org")).files
        let text = String(decoding: files["submission.json"]!, as: UTF8.self)
        #expect(text.contains(old))
        files["submission.json"] = Data(text.replacing(old, with: new, maxReplacements: 1).utf8)
        #expect(refusal(files).contains(words), "\(refusal(files))")
    }

    @Test("Whatever stands in a manifest, it is read or refused with a sentence")
    func fuzz() throws {
        let files = try add(to: TestRepository()).files
        let json = files["submission.json"]!
        var random = SplitMix(state: 3)
        for _ in 0..<rounds(3_000) {
            var bytes = json
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = bytes.indices.randomElement(using: &random)!
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[place] = .random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: Array(["[", "\"", "{", "9e999", "\\ud800", "null"].randomElement(using: &random)!.utf8), at: place)
                }
            }
            do { _ = try SubmissionManifest(json: bytes) } catch is SubmissionError {}
        }
    }

    @Test("A time is read as it was written, to the millisecond")
    func times() {
        var random = SplitMix(state: 4)
        for _ in 0..<rounds(1_000) {
            let date = Date(timeIntervalSince1970: Double(Int64.random(in: 0...4_000_000_000_000, using: &random)) / 1_000)
            #expect(Date(thousandths: date.inThousandths) == date)
        }
        for far in [1e30, -1e30, Double(Int64.max), .infinity, 253_402_300_800] { #expect(Date(timeIntervalSince1970: far).inThousandths.utf8.count == 24) }
    }
}
