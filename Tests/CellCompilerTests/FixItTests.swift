import Testing

@testable import CellCompiler

@Suite("Edits made for the learner")
struct FixItTests {
    @Test("An extension in a later cell may conform an earlier type without saying public")
    func publicWitnesses() throws {
        let session = try TestSession()
        let output = try session.run([
            "struct Old: Hashable { var x = 1 }\nprotocol Area { var area: Int { get }; associatedtype Unit; func unit() -> Unit; init(size: Int) }",
            """
            extension Old: Area {
                var area: Int { x * 2 }
                @discardableResult func unit() -> Own { Own() }
                init(size: Int) { self.init(x: size) }
            }
            struct Own: CustomStringConvertible { var description: String { "own" } }
            extension Old: CustomStringConvertible { var description: String { "Old(\\(x))" } }
            extension Old: Comparable { static func < (a: Old, b: Old) -> Bool { a.x < b.x } }
            extension Old: Sequence { func makeIterator() -> Steps { Steps() } }
            struct Steps: IteratorProtocol { var n = 0; mutating func next() -> Int? { n += 1; return n < 3 ? n : nil } }
            """,
            "print(Old(size: 4).area, Old().unit(), Old(), Old() < Old(size: 3), Array(Old()))",
            "protocol Mine { func m() -> Int }\nextension Old: Mine { func m() -> Int { 5 } }\nextension Int: Mine { func m() -> Int { self } }",
            "print(Old().m(), 3.m())",
        ])
        #expect(output[2] == "8 own Old(1) true [1, 2]")
        #expect(output[4] == "5 3")
    }

    @Test("A witness outside the extension is made public by the compiler's own fix-it")
    func fixIt() throws {
        let session = try TestSession()
        let output = try session.run([
            "struct Old { var x = 1 }",
            "extension Old: Equatable {}\nfunc == (a: Old, b: Old) -> Bool { a.x == b.x }\nextension Old { var description: String { \"d\" } }\nextension Old: CustomStringConvertible {}",
            "print(Old() == Old(), Old())",
        ])
        #expect(output[2] == "true d")
    }

    @Test("Edits do not move what a message points at")
    func columns() throws {
        let session = try TestSession()
        try session.cell("struct Old { var x = 1 }; func g() async -> Int { 1 }").compiledCell()
        let text = "extension Old: CustomStringConvertible { var description: String { nope } }\nlet a = await g(), b = nope2"
        let errors = try session.cell(text).errors
        #expect(errors.map { text.text(in: $0.range) } == ["nope", "nope2"])
    }

    @Test("Only stored variables of a cell that awaits are freed from the main actor")
    func nonisolated() throws {
        let session = try TestSession()
        let output = try session.run([
            "func g() async -> Int { 1 }",
            "nonisolated(unsafe) var already = await g()\nvar computed: Int { 5 }\nvar seen = 1 { didSet {} }\nweak var w: AnyObject?",
            "print(already, computed, seen, w == nil)",
        ])
        #expect(output[2] == "1 5 1 true")
        #expect(session.libraries[1].diagnostics.isEmpty)
    }
}
