import Foundation
import Testing
import Tiers

@testable import DataFrames

@Suite("Written and read back")
struct RoundTripTests {
    private func types(of frame: DataFrame) -> [String: ColumnType] {
        Dictionary(uniqueKeysWithValues: frame.columns.map { ($0.name, $0.type) })
    }

    private func bytes(of frame: DataFrame) -> [[UInt8]?] {
        frame["text", String.self].map { $0.map { Array($0.utf8) } }
    }

    @Test("Whatever stands in a data frame reads back as it was from CSV and from an archive", arguments: 0..<60)
    func identity(seed: Int) throws {
        let frame = RandomFrame.make(seed: seed, rows: seed)
        let read = try DataFrame(csv: frame.csvRepresentation(), types: types(of: frame))
        #expect(read == frame && bytes(of: read) == bytes(of: frame))
        let unpacked = try DataFrame(archive: frame.archive())
        #expect(unpacked == frame && bytes(of: unpacked) == bytes(of: frame))
        #expect(unpacked.archive() == frame.archive())
    }

    @Test("Nasty names and a single column with missing values read back too")
    func nastyNames() throws {
        let frame = DataFrame(["\u{FEFF}a,\"b\"": [1, nil, 3] as [Int?], "": ["", nil, "\r\n"] as [String?], "\n": [nil, nil, 1.5] as [Double?]])
        #expect(try DataFrame(csv: frame.csvRepresentation()) == frame)
        #expect(try DataFrame(archive: frame.archive()) == frame)
        for name in frame.columnNames { #expect(try DataFrame(csv: frame.select(name).csvRepresentation()) == frame.select(name)) }
        #expect(try DataFrame(archive: DataFrame().archive()) == DataFrame())
    }

    @Test("A file is written whole, without leaving another behind")
    func files() throws {
        let frame = RandomFrame.make(seed: 5, rows: 9)
        let path = Scratch.path("written.csv")
        try frame.writeCSV(to: URL(fileURLWithPath: path))
        #expect(try DataFrame(contentsOfCSVFile: URL(fileURLWithPath: path), types: types(of: frame)) == frame)
        #expect(!FileManager.default.fileExists(atPath: path + ".part"))
        #expect(throws: DataFrameError.self) { try frame.writeCSV(to: "/nowhere/x.csv") }
    }

    @Test("Samples that other programs wrote", arguments: ["pandas.csv", "pandas-windows.csv"])
    func samples(name: String) throws {
        let path = try #require(Bundle.module.path(forResource: "Fixtures/\(name)", ofType: nil))
        let frame = try DataFrame(contentsOfCSVFile: path, options: CSVReadingOptions(delimiter: name == "pandas.csv" ? "," : ";"))
        #expect(frame.columnNames == (name == "pandas.csv" ? ["column 1"] : []) + ["id", "title", "mean", "seen", "note"])
        #expect(frame["id", Int.self].present == [3, 1, 2])
        #expect(frame["title", String.self].present == ["Say \"hello\"", "Cry, the Beloved Country", "two\nlines"])
        #expect(Array(frame["mean", Double.self]) == [0.1 + 0.2, 1e-7, nil])
        #expect(frame["seen", Bool.self].present == [true, false, true])
        #expect(frame["note"].tail(1)[0] == "é 日本 🎬")
    }

    @Test("A file in which everything is quoted has numbers all the same")
    func quotedSample() throws {
        let path = try #require(Bundle.module.path(forResource: "Fixtures/python-quoted.csv", ofType: nil))
        #expect(try DataFrame(contentsOfCSVFile: path) == ["id": [1, 2, 3], "title": ["a \"b\" c", "x\r\ny", ""]])
    }
}

@Suite("Broken input never harms")
struct FuzzTests {
    @Test("Whatever bytes come, the CSV reader gives a data frame or an error", arguments: 0..<8)
    func csv(seed: Int) throws {
        var generator = SplitMix(seed: seed)
        let pieces: [[UInt8]] = ["a", "1", ",", ",", "\n", "\r\n", "\r", "\"", "\"\"", "true", "-2.5e3", "é", "\u{FEFF}", " ", "", "x\"", "9999999999999999999", "\0"].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xE2, 0x82]]
        var frames = 0
        for _ in 0..<rounds(400) {
            let bytes = (0..<generator.next(below: 24)).flatMap { _ in pieces[generator.next(below: pieces.count - (generator.next(below: 8) == 0 ? 0 : 3))] }
            do {
                let frame = try DataFrame(csv: bytes)
                frames += 1
                // What was understood once is understood the same way again.
                let types = Dictionary(uniqueKeysWithValues: frame.columns.map { ($0.name, $0.type) })
                #expect(try DataFrame(csv: frame.csvRepresentation(), types: types) == frame)
            } catch let error as DataFrameError {
                #expect(error.sentence.hasSuffix(".") || error.kind == .quoting)
                if let line = error.line, let column = error.column { #expect(line >= 1 && column >= 1 && line <= bytes.count + 1 && column <= bytes.count + 1) }
            }
        }
        #expect(frames > 20)
    }

    @Test("Whatever happens to an archive, it gives a data frame or an error", arguments: 0..<8)
    func archive(seed: Int) {
        var generator = SplitMix(seed: seed)
        let whole = RandomFrame.make(seed: seed, rows: 12).archive()
        for length in 0..<whole.count {
            #expect(throws: DataFrameError.self) { try DataFrame(archive: Array(whole[..<length])) }
        }
        #expect(throws: DataFrameError.self) { try DataFrame(archive: whole + [0]) }
        for _ in 0..<rounds(1_000) {
            var bytes = whole
            for _ in 0...generator.next(below: 3) { bytes[generator.next(below: bytes.count)] = [0, 1, 0x7F, 0x80, 0xFF, UInt8(generator.next(below: 256))][generator.next(below: 6)] }
            do {
                let frame = try DataFrame(archive: bytes)
                #expect(try DataFrame(archive: frame.archive()) == frame)
            } catch { #expect(error is DataFrameError) }
        }
    }

    @Test("An archive of another version, or none, is a sentence")
    func archiveSentences() {
        func sentence(_ bytes: [UInt8]) -> String {
            do {
                _ = try DataFrame(archive: bytes)
                return "no error"
            } catch { return "\(error)" }
        }
        var bytes = DataFrame(["a": [1]]).archive()
        #expect(sentence(Array("hello, world".utf8)) == "These bytes are not a data frame's archive: they don't begin with \"ETDF\".")
        #expect(sentence([]) == "This data frame's archive is broken at byte 0: it has fewer bytes than it should.")
        bytes[4] = 9
        #expect(sentence(bytes).hasPrefix("This data frame's archive has version 9, and this program reads version 1"))
        var huge = DataFrame(["a": [true]]).archive()
        for index in 8..<16 { huge[index] = 0x7F }
        #expect(sentence(huge).contains("more rows than its length holds"))
    }
}
