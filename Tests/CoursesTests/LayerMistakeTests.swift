import CellCompiler
import Foundation
import Testing

@testable import Courses

/// With the real module Training, since the sentences depend on what its initialisers take.
@Suite("A beginner's mistakes with layers") struct LayerMistakeTests {
    private static let before = """
        import Training
        let id = Input(shape: [1], name: "id")
        let rows = 10
        let x = Embedding(inputDimension: rows, outputDimension: 8)(id)
        var out = Dense(1)(Flatten()(x))

        """

    @Test("get one sentence, which says what to write", arguments: [
        ("let a = Flatten(x)", "write `Flatten()(x)`."),
        ("let a = Flatten(Embedding(inputDimension: rows, outputDimension: 1)(id))", "write `Flatten()(…)`."),
        ("let a = Dense(1, x)", "write `Dense(1)(x)`."),
        ("let a = Dense(x)", "write `Dense(…)(x)`."),
        ("let a = Dropout(0.5, out)", "write `Dropout(0.5)(out)`."),
        ("let a = Add(out, out)", "write `Add()(out, out)`."),
        ("let a = Concatenate([x, x])", "write `Concatenate()([x, x])`."),
        ("let a = Embedding(inputDimension: rows, outputDimension: 1, id)", "write `Embedding(inputDimension: rows, outputDimension: 1)(id)`."),
        ("let a = Flatten()(Embedding(inputDimension: rows, outputDimension: 1))", "call it too, as in `Embedding(…)(input)`."),
        ("let a = out + Dense(1)", "call it too, as in `Dense(…)(input)`."),
        ("let a = Model(inputs: [id], outputs: Dense(1))", "call it too, as in `Dense(…)(input)`."),
        ("let a = Add()(out, Dense(1))", "as in `Dense(…)(input)`."),
        ("let a: SymbolicTensor = Flatten()", "as in `Flatten(…)(input)`."),
        ("let a = Flatten()(rows)", "this is of the type `Int`."),
    ])
    func one(cell: String, ending: String) throws {
        let compiler = try Workshop.studio().compiler
        let outcome = try compiler.compile(CellSource(id: "c", text: Self.before + cell, name: "cell 1"), in: CellScope())
        guard case .failed(let diagnostics) = outcome else { Issue.record("\(cell) compiles"); return }
        #expect(diagnostics.count == 1 && diagnostics[0].message.hasSuffix(ending) && diagnostics[0].line == 6, "\(diagnostics.map(\.message))")
    }

    @Test("are told from other mistakes in the same cell, and from those of functions that are no layers")
    func others() throws {
        let compiler = try Workshop.studio().compiler
        func messages(_ cell: String) throws -> [String] {
            guard case .failed(let diagnostics) = try compiler.compile(CellSource(id: "c", text: Self.before + cell, name: "cell 1"), in: CellScope()) else { return [] }
            return diagnostics.map(\.message)
        }
        let two = try messages("let a = Flatten(x)\nlet b = Embedding(rows, 1)")
        #expect(two.count == 2 && two[0].hasSuffix("write `Flatten()(x)`.") && two[1].contains("`inputDimension:`"), "\(two)")
        let function = try messages("func half(_ number: Int) -> Int { number / 2 }\nlet b = half(x)")
        #expect(function == ["This value is of the type `SymbolicTensor`, and the parameter has the type `Int`."])
    }

    @Test("are known of every layer that Training has")
    func allLayers() throws {
        let source = try String(contentsOfFile: LearnerVocabularyTests.sources.appendingPathComponent("../Engine/CellCompiler/LayerMistakes.swift").path, encoding: .utf8)
        let layers = try FileManager.default.contentsOfDirectory(at: LearnerVocabularyTests.sources.appendingPathComponent("Training/Layers"), includingPropertiesForKeys: nil)
            .flatMap { try String(contentsOf: $0, encoding: .utf8).components(separatedBy: "\n") }
            .compactMap { $0.wholeMatch(of: #/public (?:final )?class (\w+): (?:Merging)?Layer \{/#)?.1 }
        #expect(layers.count > 8)
        for layer in layers { #expect(source.contains("\"\(layer)\""), "\(layer)") }
    }
}
