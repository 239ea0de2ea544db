@_implementationOnly import SwiftSyntax

/// Reads from a piece of code what it does with names.
final class NameReader: SyntaxVisitor {
    private(set) var use = NameUse()
    private var closureDepth = 0

    // MARK: What refers to a name

    override func visit(_ node: DeclReferenceExprSyntax) -> SyntaxVisitorContinueKind {
        if node.refersToName {
            use.mentions.insert(bare(node.baseName.text))
            if node.parent?.as(FunctionCallExprSyntax.self)?.calledExpression.id != node.id { use.handled.insert(bare(node.baseName.text)) }
        }
        return .visitChildren
    }

    override func visit(_ node: IdentifierTypeSyntax) -> SyntaxVisitorContinueKind {
        use.mentions.insert(bare(node.name.text))
        return .visitChildren
    }

    override func visit(_ node: MacroExpansionExprSyntax) -> SyntaxVisitorContinueKind { mention(node.macroName) }
    override func visit(_ node: MacroExpansionDeclSyntax) -> SyntaxVisitorContinueKind { mention(node.macroName) }

    override func visit(_ node: OptionalBindingConditionSyntax) -> SyntaxVisitorContinueKind {
        // `if let model` refers to the name that it declares.
        if node.initializer == nil, let name = node.pattern.as(IdentifierPatternSyntax.self) { mentionAndHand(bare(name.identifier.text)) }
        return .visitChildren
    }

    override func visit(_ node: ClosureCaptureSyntax) -> SyntaxVisitorContinueKind {
        if node.initializer == nil { mentionAndHand(bare(node.name.text)) }
        return bind(node.name)
    }

    private func mention(_ name: TokenSyntax) -> SyntaxVisitorContinueKind {
        use.mentions.insert(bare(name.text))
        return .visitChildren
    }

    private func mentionAndHand(_ name: String) {
        use.mentions.insert(name)
        use.passed.insert(name)
    }

    // MARK: What declares one inside

    override func visit(_ node: IdentifierPatternSyntax) -> SyntaxVisitorContinueKind { bind(node.identifier) }
    override func visit(_ node: FunctionParameterSyntax) -> SyntaxVisitorContinueKind { bind(node.secondName ?? node.firstName) }
    override func visit(_ node: ClosureParameterSyntax) -> SyntaxVisitorContinueKind { bind(node.secondName ?? node.firstName) }
    override func visit(_ node: ClosureShorthandParameterSyntax) -> SyntaxVisitorContinueKind { bind(node.name) }
    override func visit(_ node: AccessorParametersSyntax) -> SyntaxVisitorContinueKind { bind(node.name) }
    override func visit(_ node: GenericParameterSyntax) -> SyntaxVisitorContinueKind {
        use.mayHoldAnything = true
        return bind(node.name)
    }
    override func visit(_ node: FunctionDeclSyntax) -> SyntaxVisitorContinueKind {
        // A function inside can be kept as a closure can.
        if node.parent?.is(CodeBlockItemSyntax.self) ?? false { use.hasClosure = true }
        return bind(node.name)
    }
    override func visit(_ node: EnumCaseElementSyntax) -> SyntaxVisitorContinueKind { bind(node.name) }
    override func visit(_ node: StructDeclSyntax) -> SyntaxVisitorContinueKind { bind(node.name) }
    override func visit(_ node: ClassDeclSyntax) -> SyntaxVisitorContinueKind { bind(node.name) }
    override func visit(_ node: EnumDeclSyntax) -> SyntaxVisitorContinueKind { bind(node.name) }
    override func visit(_ node: TypeAliasDeclSyntax) -> SyntaxVisitorContinueKind { bind(node.name) }

    private func bind(_ name: TokenSyntax) -> SyntaxVisitorContinueKind {
        use.bound.insert(bare(name.text))
        return .visitChildren
    }

    // MARK: What changes one

    override func visit(_ node: SequenceExprSyntax) -> SyntaxVisitorContinueKind {
        let elements = Array(node.elements)
        for (index, element) in elements.enumerated() where index > 0 {
            if element.assigns {
                note(elements[index - 1])
            } else if let sign = element.as(BinaryOperatorExprSyntax.self), !StandardNames.operators.contains(sign.operator.text) {
                // An operator of a learner's may take its sides `inout`.
                for side in [elements[index - 1], index + 1 < elements.count ? elements[index + 1] : nil] {
                    if let name = side.flatMap({ $0.nameAtRoot(throughCalls: true) }) { use.called.insert(name) }
                }
            }
        }
        return .visitChildren
    }

    override func visit(_ node: BinaryOperatorExprSyntax) -> SyntaxVisitorContinueKind { mention(node.operator) }

    override func visit(_ node: PrefixOperatorExprSyntax) -> SyntaxVisitorContinueKind { apply(node.operator, to: node.expression) }
    override func visit(_ node: PostfixOperatorExprSyntax) -> SyntaxVisitorContinueKind { apply(node.operator, to: node.expression) }

    private func apply(_ sign: TokenSyntax, to side: ExprSyntax) -> SyntaxVisitorContinueKind {
        if !StandardNames.operators.contains(sign.text), let name = side.nameAtRoot(throughCalls: true) { use.called.insert(name) }
        return mention(sign)
    }

    override func visit(_ node: InOutExprSyntax) -> SyntaxVisitorContinueKind {
        note(node.expression)
        return .visitChildren
    }

    private func note(_ target: ExprSyntax) {
        if let tuple = target.as(TupleExprSyntax.self) {
            for element in tuple.elements { note(element.expression) }
        } else if let name = target.nameAtRoot(throughCalls: true) {
            use.assigned.insert(name)
        }
    }

    override func visit(_ node: MemberAccessExprSyntax) -> SyntaxVisitorContinueKind {
        if let name = node.base?.nameAtRoot(throughCalls: true) { use.read.insert(name) }
        return .visitChildren
    }

    override func visit(_ node: SubscriptCallExprSyntax) -> SyntaxVisitorContinueKind {
        if let name = node.calledExpression.nameAtRoot(throughCalls: true) { use.read.insert(name) }
        return .visitChildren
    }

    override func visit(_ node: FunctionCallExprSyntax) -> SyntaxVisitorContinueKind {
        var arguments: Set<String> = []
        for argument in node.arguments {
            let names = ArgumentNames(viewMode: .sourceAccurate)
            names.walk(argument.expression)
            arguments.formUnion(names.names)
        }
        let root = node.calledExpression.nameAtRoot(throughCalls: true)
        if let method = node.calledExpression.as(MemberAccessExprSyntax.self)?.declName.baseName.text, StandardNames.lookOnlyMethods.contains(bare(method)) {
            use.looked[bare(method), default: []].formUnion(arguments.union(root.map { [$0] } ?? []))
            return .visitChildren
        }
        if let root { use.called.insert(root) }
        // What only looks at its arguments does not change them.
        if let function = node.calledExpression.as(DeclReferenceExprSyntax.self)?.baseName.text, StandardNames.lookOnly.contains(bare(function)) {
            return .visitChildren
        }
        use.passed.formUnion(arguments)
        return .visitChildren
    }

    // MARK: Code that is kept for later

    override func visit(_ node: ClosureExprSyntax) -> SyntaxVisitorContinueKind {
        use.hasClosure = true
        let isHandedOver = node.parent?.is(FunctionCallExprSyntax.self) ?? false || node.parent?.is(LabeledExprSyntax.self) ?? false
            || node.parent?.is(MultipleTrailingClosureElementSyntax.self) ?? false
        if closureDepth > 0 || !isHandedOver { use.keepsClosure = true }
        closureDepth += 1
        return .visitChildren
    }
    override func visitPost(_ node: ClosureExprSyntax) { closureDepth -= 1 }

    override func visit(_ node: FunctionTypeSyntax) -> SyntaxVisitorContinueKind {
        use.mayHoldAnything = true
        return .visitChildren
    }

    override func visit(_ node: SomeOrAnyTypeSyntax) -> SyntaxVisitorContinueKind {
        use.mayHoldAnything = true
        return .visitChildren
    }
}

/// The names in an argument, apart from those in closures.
private final class ArgumentNames: SyntaxVisitor {
    var names: Set<String> = []
    override func visit(_ node: DeclReferenceExprSyntax) -> SyntaxVisitorContinueKind {
        if node.refersToName { names.insert(bare(node.baseName.text)) }
        return .skipChildren
    }
    override func visit(_ node: ClosureExprSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
}

extension DeclReferenceExprSyntax {
    /// Whether it is a name of its own, rather than a member behind a point.
    fileprivate var refersToName: Bool {
        if let access = parent?.as(MemberAccessExprSyntax.self) { return access.declName.id != id }
        return !(parent?.is(KeyPathPropertyComponentSyntax.self) ?? false)
    }
}
