@_implementationOnly import SwiftParser
@_implementationOnly import SwiftSyntax

/// A beginner's mistakes with layers. A layer is made first and then called, `Flatten()(x)`; who writes `Flatten(x)`
/// hands `x` to the initialiser, and the compiler speaks of labels and of text.
struct LayerMistakes {
    /// The layers of the module Training.
    static let layers: Set<String> = [
        "Add", "Concatenate", "Dense", "Dot", "Dropout", "Embedding", "Flatten", "InputLayer", "MergingLayer", "Multiply", "Rescaling",
        "Subtract",
    ]
    /// What flows between layers.
    static let flow = "SymbolicTensor"

    /// What the compiler says of the same call besides.
    private static let consequences: Set = [
        "missing_argument_label", "missing_argument_labels", "extra_argument_positional", "extra_arguments_in_call",
        "cannot_convert_argument_value",
    ]

    /// Errors in the same order, with one sentence for each call that makes a layer out of what should flow into it.
    static func explained(_ diagnostics: [CellDiagnostic], in text: String, cellID: String) -> [CellDiagnostic] {
        func offset(_ diagnostic: CellDiagnostic) -> Int? {
            diagnostic.severity == .error && diagnostic.cellID == cellID ? diagnostic.range?.lowerBound.utf8Offset : nil
        }
        let misplaced = diagnostics.filter { $0.id == "cannot_convert_argument_value" && isLayerWork(PlainMessages.quoted(in: $0.compilerMessage)) }
        guard misplaced.contains(where: { offset($0) != nil }) else { return diagnostics }
        let calls = LayerCall.all(in: text)
        var explained: [Range<Int>: String] = [:]
        for diagnostic in misplaced {
            guard let place = offset(diagnostic), let call = calls.last(where: { $0.arguments.contains { $0.range.contains(place) } }) else { continue }
            let wrong = misplaced.compactMap(offset)
            explained[call.range] = call.sentence { argument in wrong.contains(where: argument.range.contains) }
        }
        var said: Set<Range<Int>> = []
        return diagnostics.compactMap { diagnostic in
            guard let place = offset(diagnostic), consequences.contains(diagnostic.id),
                let call = calls.last(where: { call in
                    explained[call.range] != nil
                        && (call.nameAndParenthesis.contains(place) || call.arguments.contains { $0.range.contains(place) })
                }),
                let sentence = explained[call.range]
            else { return diagnostic }
            guard said.insert(call.range).inserted else { return nil }
            var one = misplaced.first { offset($0).map(call.range.contains) ?? false } ?? diagnostic
            one.message = sentence
            one.notes = []
            return one
        }
    }

    /// - Parameter quoted: the type of an argument, and that of its parameter.
    private static func isLayerWork(_ quoted: [String]) -> Bool {
        guard quoted.count > 1, !quoted[1].contains(flow) else { return false }
        return [flow, "[\(flow)]"].contains(quoted[0]) || layers.contains(quoted[0])
    }

    /// A sentence for a layer, or anything else, where what flows into a layer is needed.
    static func sentence(for type: String) -> String {
        layers.contains(type)
            ? "This is `\(type)`, a layer, where something that flows into a layer is needed: call it too, as in `\(type)(…)(input)`."
            : "What flows into a layer is an `Input`, or what came out of another layer (`\(flow)`); this is of the type `\(type)`."
    }

    /// A sentence for a call none of whose forms fits, where a form wants what flows into a layer.
    static func sentence(forNotes notes: [String]) -> String? {
        for note in notes {
            let quoted = PlainMessages.quoted(in: note)
            if let wanted = quoted.first, wanted == flow || wanted == "[\(flow)]", let got = quoted.last, quoted.count > 1, !got.contains(flow) {
                return sentence(for: got)
            }
        }
        return nil
    }
}

/// A call that makes a layer, in a cell's text.
private struct LayerCall {
    let name: String
    /// In bytes, from the name to the closing parenthesis.
    let range: Range<Int>
    let nameAndParenthesis: ClosedRange<Int>
    let arguments: [Argument]

    struct Argument {
        var text: String
        var label: String?
        var range: Range<Int>
    }

    /// These can be made with nothing between the parentheses, and take no setting without a label.
    private static let withoutSettings: Set = ["Add", "Concatenate", "Flatten", "Multiply", "Subtract"]

    /// All such calls, an inner one behind the one that holds it.
    static func all(in text: String) -> [LayerCall] {
        let search = Search(viewMode: .sourceAccurate)
        search.walk(Parser.parse(source: text))
        return search.calls
    }

    /// How it should have been written, where that is short enough to read.
    /// - Parameter isMisplaced: whether an argument is nothing that the layer is made with.
    func sentence(_ isMisplaced: (Argument) -> Bool) -> String {
        let needsNone = Self.withoutSettings.contains(name)
        let moved = arguments.filter { isMisplaced($0) || (needsNone && $0.label == nil) }
        let kept = arguments.filter { argument in !moved.contains { $0.range == argument.range } }
        let settings = kept.map { ($0.label.map { $0 + ": " } ?? "") + $0.text }.joined(separator: ", ")
        let inputs = moved.map(\.text).joined(separator: ", ")
        func shortened(_ text: String) -> String { text.count > 40 || text.contains("\n") ? "…" : text }
        return "`\(name)(…)` makes a layer; what flows into it stands in a second pair of parentheses: "
            + "write `\(name)(\(settings.isEmpty && !needsNone ? "…" : shortened(settings)))(\(shortened(inputs)))`."
    }

    private final class Search: SyntaxVisitor {
        var calls: [LayerCall] = []

        override func visit(_ node: FunctionCallExprSyntax) -> SyntaxVisitorContinueKind {
            guard let name = node.calledExpression.as(DeclReferenceExprSyntax.self)?.baseName.text, LayerMistakes.layers.contains(name),
                let left = node.leftParen, let right = node.rightParen
            else { return .visitChildren }
            let start = node.positionAfterSkippingLeadingTrivia.utf8Offset
            calls.append(
                LayerCall(
                    name: name, range: start..<right.endPositionBeforeTrailingTrivia.utf8Offset,
                    nameAndParenthesis: start...left.positionAfterSkippingLeadingTrivia.utf8Offset,
                    arguments: node.arguments.map { argument in
                        let value = argument.expression
                        let from = argument.positionAfterSkippingLeadingTrivia.utf8Offset
                        return Argument(text: value.trimmedDescription, label: argument.label?.text, range: from..<value.endPositionBeforeTrailingTrivia.utf8Offset)
                    }))
            return .visitChildren
        }
    }
}
