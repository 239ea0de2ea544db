import Foundation
import Tiers

@testable import Notebook

extension SplitMix {
    init(_ seed: Int) { self.init(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1) }
}

enum Samples {
    static func fixture(_ name: String) throws -> Data {
        try Data(contentsOf: Bundle.module.resourceURL!.appendingPathComponent("Fixtures/\(name)"))
    }

    /// Pieces of text that mean something in a script, or are hard to carry.
    static let pieces = [
        "\n", "\n", "\n", "\n", "\n\n", "\r\n", "\r\n", "\r", " ", "\t", "// %%", "\n// %%", "\n// %% ", "//%%", "// %%%", "\r\n// %%\r\n",
        "// \\%%", "// \\\\%%", "// ---", "//", "// ", "/*", "*/", "#!", "\u{FEFF}", "é", "e\u{301}", "\0", "[markdown]",
        " [md]", " [raw]\n", " id=\"a\"", " id=b", " key=1.50", " key={\"a\": [1, NaN]}", "{", "}", "\"", "\\", "\u{2028}", "\u{85}",
        "%%", " keep_blank_lines=true", "let x = 1", "jupyter:", "  kernelspec: {\"name\": \"x\"}", "etude:", "metadata={\"id\": 3}",
        "// ---\n// jupyter:\n//   a: 1\n// ---\n", "😀", "// -*- coding: utf-8 -*-\n", " title=\"x\"",
    ]

    static func text(_ random: inout SplitMix, pieces count: ClosedRange<Int>) -> String {
        (0..<Int.random(in: count, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
    }

    static func value(_ random: inout SplitMix, depth: Int = 0) -> JSONValue {
        switch Int.random(in: 0..<(depth < 3 ? 8 : 6), using: &random) {
        case 0: .null
        case 1: .bool(.random(using: &random))
        case 2: .number(["0", "-0", "1.50", "1e400", "12345678901234567890", "NaN", "-Infinity"].randomElement(using: &random)!)
        case 3...5: .string(text(&random, pieces: 0...3))
        case 6: .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(&random, depth: depth + 1) })
        default: .object(object(&random, depth: depth + 1))
        }
    }

    static func object(_ random: inout SplitMix, depth: Int = 0) -> JSONObject {
        var object = JSONObject()
        let keys = ["id", "title", "problem", "metadata", "cell", "attachments", "keep_blank_lines", "tags", "etude", "jupyter", "-", "1", "a b", "", "é"]
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            object[keys.randomElement(using: &random)!] = value(&random, depth: depth)
        }
        return object
    }

    static func cell(_ random: inout SplitMix, id: String) -> Cell {
        var cell = Cell(
            id: id, kind: Cell.Kind.allCases.randomElement(using: &random)!, source: text(&random, pieces: 0...8),
            metadata: object(&random))
        if Int.random(in: 0..<4, using: &random) == 0 { cell.attachments = object(&random) }
        if Int.random(in: 0..<4, using: &random) == 0 { cell.otherKeys = JSONObject(["new": value(&random), "x y": .null]) }
        if Int.random(in: 0..<3, using: &random) == 0 { cell.title = text(&random, pieces: 1...3) }
        return cell
    }

    static func notebook(_ random: inout SplitMix) -> Notebook {
        let cells = (0..<Int.random(in: 0...5, using: &random)).map { cell(&random, id: "cell-\($0)") }
        var metadata = object(&random)
        if Int.random(in: 0..<4, using: &random) == 0 {
            metadata["etude"] = .object(JSONObject(["front_matter": .string(text(&random, pieces: 1...4))]))
        }
        let other = Int.random(in: 0..<3, using: &random) == 0 ? JSONObject(["extra": value(&random)]) : JSONObject()
        return Notebook(cells: cells, metadata: metadata, otherKeys: other)
    }
}

extension Notebook {
    /// The notebook without the ids that were made from text, which an edit changes.
    var withoutDerivedIDs: Notebook {
        var copy = self
        for index in copy.cells.indices where copy.cells[index].hasDerivedID { copy.cells[index].id = "derived" }
        return copy
    }
}
