import Foundation
import Processes
import Testing
import Tiers
@testable import Workspace

@Suite("Zip archives") struct ZipArchiveTests {
    private let files = ["submission.json": Data("{}".utf8), "größe.swift": Data(String(repeating: "let a = 1\n", count: 1_000).utf8), "empty.swift": Data()]

    @Test("What is written can be read, is the same bytes every time, and is sound to another program")
    func roundTrip() throws {
        let archive = try ZipArchive.bytes(of: files)
        #expect(try ZipArchive.files(in: archive) == files && ZipArchive.bytes(of: files) == archive)
        let folder = try TestRepository("true")
        try archive.write(to: URL(fileURLWithPath: folder.folder + "/a.zip"))
        try folder.shell("unzip -q a.zip")
        for (name, data) in files { #expect(try Data(contentsOf: URL(fileURLWithPath: "\(folder.folder)/\(name)")) == data) }
    }

    @Test("Archives of other programs are read: with folders, a comment, or sizes behind the files")
    func others() throws {
        var folder = RawZip.File("work/", "")
        folder.mode = 0o040755
        var streamed = RawZip.File("work/b.swift", "two")
        streamed.isStreamed = true
        var archive = RawZip([folder, .init("work/a.swift", "one"), streamed])
        archive.comment = Data("made by hand".utf8)
        #expect(try ZipArchive.files(in: archive.bytes) == ["work/a.swift": Data("one".utf8), "work/b.swift": Data("two".utf8)])
    }

    private func refusal(_ archive: Data) -> String {
        do {
            let files = try ZipArchive.files(in: archive)
            return "\(files.count) files"
        } catch let error as SubmissionError { return error.description } catch { return "another error: \(error)" }
    }

    private func one(_ change: (inout RawZip.File) -> Void) -> Data {
        var file = RawZip.File("a.swift", "let a = 1")
        change(&file)
        return RawZip([.init("b.swift", "let b = 2"), file]).bytes
    }

    @Test("Names that lead elsewhere, or that some system takes for others, are refused", arguments: [
        "../a.swift", "/etc/passwd", "a/../b", "a//b", ".git/config", "x/.GIT/hooks/post-commit", "a\\b", "C:a", "con.swift", "a.", "a ", "\u{202E}tfiws.a", "", "./a",
        "g\u{200C}it~1",
    ])
    func names(name: String) { #expect(refusal(one { $0.name = name }).contains("can't be a file's name on every system")) }

    @Test("An archive that lies is refused: about sizes, places, names, checksums and counts")
    func lies() throws {
        #expect(refusal(one { $0.size = 8 }).contains("two sizes"))
        #expect(refusal(one { $0.localSize = 3 }).contains("two sizes"))
        #expect(refusal(one { $0.localName = "c.swift" }).contains("not what its directory says"))
        #expect(refusal(one { $0.place = 0 }).contains("not what its directory says"))
        #expect(refusal(one { ($0.name, $0.place) = ("b.swift", 0) }).contains("share the same bytes"))
        #expect(refusal(one { ($0.size, $0.packed) = (40, 40) }).contains("runs into the directory") == false)
        #expect(refusal(one { ($0.size, $0.packed) = (4_000, 4_000); $0.isStreamed = true }).contains("runs into the directory"))
        var zip = RawZip([.init("a.swift", "1")])
        zip.count = 2
        #expect(refusal(zip.bytes).contains("can't be read") || refusal(zip.bytes).contains("ends too early"))
        zip.count = nil
        zip.directory = 3
        #expect(refusal(zip.bytes).contains("does not lie where it says"))
        zip.directory = nil
        zip.suffix = Data("more".utf8)
        #expect(refusal(zip.bytes).contains("no zip archive"))
        // One bit of a file's bytes.
        var bytes = RawZip([.init("a.swift", "let a = 1")]).bytes
        bytes[38] ^= 1
        #expect(refusal(bytes).contains("damaged"))
        #expect(refusal(RawZip([.init("a.swift", "1"), .init("A.swift", "2")]).bytes).contains("upper and lower case"))
        #expect(refusal(RawZip([.init("a.swift", "1"), .init("a.swift", "1")]).bytes).contains("twice"))
        #expect(refusal(RawZip([.init("a", "1"), .init("a/b.swift", "1")]).bytes).contains("both as a file and as a folder"))
    }

    @Test("Links, devices, encrypted, nested and strange files are refused")
    func kinds() {
        for mode in [0o120777, 0o020666, 0o010644, 0o140755, 0o040755] { #expect(refusal(one { $0.mode = mode }).contains("a link or a device")) }
        #expect(refusal(one { $0.flags = 1 }).contains("encrypted"))
        #expect(refusal(one { $0.method = 99 }).contains("encrypted"))
        #expect(refusal(one { $0.method = 14 }).contains("packed in a way"))
        // An archive that holds itself, as some that unpack for ever, holds an archive.
        #expect(refusal(one { $0.name = "r.zip" }).contains("holds another one"))
        #expect(refusal(Data()).contains("no zip archive") && refusal(Data("PK".utf8)).contains("no zip archive"))
    }

    @Test("A bomb is refused before it is unpacked: by size, by ratio, by the sum, by the count")
    func bombs() throws {
        let zeros = Data(count: 8 << 20)
        #expect(refusal(try ZipArchive.bytes(of: ["a.swift": zeros])).contains("times its size"))
        #expect(refusal(try ZipArchive.bytes(of: ["a.swift": Data(count: 17 << 20)])).contains("at most 16777216 are taken"))
        var random = SplitMix(state: 1)
        let noise = Data((0..<(12 << 20) / 8).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } })
        #expect(refusal(try ZipArchive.bytes(of: ["a.swift": noise, "b.swift": noise, "c.swift": noise])).contains("unpacks to more than 32 MB"))
        #expect(refusal(RawZip((0..<300).map { .init("\($0).swift", "1") }).bytes).contains("at most 256"))
    }

    @Test("Whatever is done to an archive, it is read or refused with a sentence, and what is read is within bounds")
    func fuzz() throws {
        var random = SplitMix(state: 11), read = 0
        var streamed = RawZip.File("b.swift", "two")
        streamed.isStreamed = true
        let seeds = [try ZipArchive.bytes(of: files), RawZip([.init("a.swift", "one"), streamed]).bytes]
        for round in 0..<rounds(6_000) {
            var bytes = seeds[round % 2]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = bytes.indices.randomElement(using: &random)!
                switch Int.random(in: 0...4, using: &random) {
                case 0: bytes[place] = .random(in: 0...255, using: &random)
                case 1: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
                case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...8, using: &random)))
                case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 40)], at: place)
                default: bytes[max(0, bytes.count - Int.random(in: 1...80, using: &random))] = [0, 255, 128].randomElement(using: &random)!
                }
            }
            do {
                let found = try ZipArchive.files(in: bytes)
                read += 1
                #expect(found.values.reduce(0) { $0 + $1.count } <= ZipScreening.greatestTotal && found.keys.allSatisfy { PortablePath($0) != nil })
            } catch is SubmissionError {}
        }
        #expect(read < rounds(6_000) / 2)
    }
}
