import Display
import Foundation
import Testing

@testable import Figures

@Suite struct DiagramTests {
    @Test("A model is drawn as SVG and as PNG")
    func formats() throws {
        let svg = try picture(of: .diagram(Samples.model), as: .svg)
        #expect(XMLProbe.isWellFormed(svg))
        try Samples.keep(svg, as: "model.svg")
        let png = try picture(of: .diagram(Samples.model), as: .png)
        #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        try Samples.keep(png, as: "model.png")
    }

    @Test("Boxes stand below what leads to them, and boxes of one layer do not overlap")
    func layout() throws {
        var dice = Dice(3)
        for _ in 0..<60 {
            let count = Int.random(in: 1...25, using: &dice)
            let edges = (0..<Int.random(in: 0...40, using: &dice)).compactMap { _ -> [Int]? in
                let (a, b) = (Int.random(in: 0..<count, using: &dice), Int.random(in: 0..<count, using: &dice))
                return a == b ? nil : [min(a, b), max(a, b)]
            }
            let diagram = DisplayedDiagram(title: "t", nodes: (0..<count).map { .init(title: "n\($0)", detail: "") }, edges: edges)
            let checked = try CheckedDiagram(diagram)
            let layout = DiagramLayout(checked, widths: (0..<count).map { Double(20 + $0 % 7 * 9) }, gap: 10, laneWidth: 4)
            for edge in edges { #expect(checked.layers[edge[0]] < checked.layers[edge[1]]) }
            for (index, a) in layout.boxes.enumerated() {
                #expect(a.center - a.width / 2 >= -1e-6 && a.center + a.width / 2 <= layout.width + 1e-6)
                for b in layout.boxes.dropFirst(index + 1) where a.layer == b.layer {
                    #expect(abs(a.center - b.center) + 1e-6 >= (a.width + b.width) / 2 + 10)
                }
            }
        }
    }

    @Test("Circles, arrows to nowhere and crowds are refused with a sentence")
    func refused() {
        let node = DisplayedDiagram.Node(title: "a", detail: "")
        for diagram in [
            DisplayedDiagram(title: "", nodes: [node, node], edges: [[0, 1], [1, 0]]), .init(title: "", nodes: [node], edges: [[0, 0]]),
            .init(title: "", nodes: [node], edges: [[0, 7]]), .init(title: "", nodes: [node], edges: [[-1, 0]]),
            .init(title: "", nodes: [node], edges: [[0]]), .init(title: "", nodes: Array(repeating: node, count: 401), edges: []),
        ] {
            #expect(throws: FigureError.self) { try CheckedDiagram(diagram) }
        }
    }

    @Test("Labels can't bring markup into an SVG")
    func markup() throws {
        let diagram = DisplayedDiagram(
            title: "</title><script>", nodes: [.init(title: "\"<b>&", detail: "\u{1B}[31m")], edges: [])
        let svg = try picture(of: .diagram(diagram), as: .svg)
        #expect(XMLProbe.isWellFormed(svg))
        #expect(!String(decoding: svg, as: UTF8.self).contains("<script"))
    }

    @Test("A table has no picture, and an error says so")
    func noPicture() {
        #expect(throws: FigureError.notAPicture("table")) { try picture(of: .table(.init(columns: [], rows: [], rowCount: 0)), as: .svg) }
    }
}

enum XMLProbe {
    /// Tags that close in the order they open, and no stray `<` or `&`.
    static func isWellFormed(_ bytes: [UInt8]) -> Bool {
        var open: [Substring] = []
        var rest = String(decoding: bytes, as: UTF8.self)[...]
        while let start = rest.firstIndex(of: "<") {
            guard let end = rest[start...].firstIndex(of: ">") else { return false }
            let tag = rest[rest.index(after: start)..<end]
            if tag.contains("<") { return false }
            if tag.hasPrefix("/") { if open.popLast() != tag.dropFirst() { return false } }
            else if !tag.hasSuffix("/"), !tag.hasPrefix("?"), !tag.hasPrefix("!") { open.append(tag.prefix { $0 != " " }) }
            rest = rest[rest.index(after: end)...]
        }
        return open.isEmpty
    }
}
