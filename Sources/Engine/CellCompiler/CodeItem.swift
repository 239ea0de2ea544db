@_implementationOnly import SwiftSyntax

/// One statement or declaration at a cell's top level, and what it does with names: what an order of cells is made of.
struct CodeItem: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case statement
        /// Stored variables: their value is made when the cell runs.
        case variable(isConstant: Bool)
        /// Its code runs when it is used.
        case computed, function
        case type(isReference: Bool)
        /// Extensions, operators and the like, which change what others mean without being named.
        case unnamed
    }

    var kind = Kind.statement
    /// What it declares.
    var names: Set<String> = []
    var isPrivate = false
    /// Whether it stands in a branch of `#if`, and so may not be there at all.
    var isConditional = false
    var use = NameUse()
    /// The names in the type of a function's result, or the type that is written for a variable; nil when there is none.
    var typeNames: Set<String>?
    /// Whether that type is one that may hold anything, such as a function's.
    var typeMayHoldAnything = false
    /// The type or function whose call a variable's first value is: `Int` in `let n = Int(model.loss)`.
    var madeBy: String?
    /// The method whose call it is: `fit` in `let history = try model.fit(rows)`.
    var madeByMethod: String?
    /// Whether a type keeps values of its own (`static var`) that any use of it may change.
    var keepsSharedState = false
    /// Whether reading a member of the type may change an instance: a getter that assigns, a lazy variable.
    var changesWhenRead = false
}

/// What a piece of code does with names. A name counts where it refers to something; labels, members and what the code
/// itself declares inside do not.
struct NameUse: Hashable, Sendable {
    /// Every name that it refers to.
    var mentions: Set<String> = []
    /// Those of them that it does more with than to call them: a function may be kept so.
    var handled: Set<String> = []
    /// Names that it declares inside: parameters, local variables.
    var bound: Set<String> = []
    /// Names that it gives a value, in whole or in part, or passes on with `&`.
    var assigned: Set<String> = []
    /// Names whose methods it calls, and names that it calls.
    var called: Set<String> = []
    /// Names that it hands over as arguments.
    var passed: Set<String> = []
    /// Calls of methods that look only, unless a learner's type has a method of that name: by method, the names that it is
    /// called on or handed.
    var looked: [String: Set<String>] = [:]
    /// Names whose members it reads.
    var read: Set<String> = []
    /// Whether it has a closure that may be kept, rather than handed to a function.
    var keepsClosure = false
    /// Whether it has a closure, or a function inside a function.
    var hasClosure = false
    /// Whether it has a type whose values may be or hold anything: a function, a generic parameter, `any P`.
    var mayHoldAnything = false
}

extension CodeItem {
    /// The items of a file, in order; declarations in `#if` count with all their branches.
    static func items(of file: SourceFileSyntax) -> [CodeItem] { file.statements.flatMap { items(of: $0, isConditional: false) } }

    private static func items(of statement: CodeBlockItemSyntax, isConditional: Bool) -> [CodeItem] {
        guard case .decl(let declaration) = statement.item else { return [CodeItem(use: use(in: statement.item))] }
        if let choice = declaration.as(IfConfigDeclSyntax.self) {
            return choice.clauses.flatMap { clause -> [CodeItem] in
                guard case .statements(let statements) = clause.elements else { return [] }
                return statements.flatMap { items(of: $0, isConditional: true) }
            }
        }
        if declaration.is(ImportDeclSyntax.self) { return [] }
        var found: [CodeItem] = if let node = declaration.as(VariableDeclSyntax.self) { variables(of: node) } else { [item(of: declaration)] }
        for index in found.indices { found[index].isConditional = isConditional }
        return found
    }

    private static func use(in node: some SyntaxProtocol) -> NameUse {
        let reader = NameReader(viewMode: .sourceAccurate)
        reader.walk(node)
        return reader.use
    }

    /// One item a binding, so that `let a = Model(), b = 3` does not take `b` for a model.
    private static func variables(of node: VariableDeclSyntax) -> [CodeItem] {
        let attributes = node.attributes.isEmpty ? nil : use(in: node.attributes)
        return node.bindings.map { binding in
            var item = CodeItem(kind: .variable(isConstant: node.bindingSpecifier.text == "let"), use: use(in: binding))
            if binding.accessorBlock != nil {
                // Observers run whenever the variable is set, as a closure would that it holds.
                if binding.initializer == nil && !binding.accessorBlock!.hasObservers { item.kind = .computed } else { (item.use.keepsClosure, item.use.hasClosure) = (true, true) }
            }
            let call = binding.initializer?.value.outermostCall
            item.madeBy = call?.calledExpression.as(DeclReferenceExprSyntax.self).map { bare($0.baseName.text) }
            item.madeByMethod = call?.calledExpression.as(MemberAccessExprSyntax.self).map { bare($0.declName.baseName.text) }
            if let attributes { item.use.mentions.formUnion(attributes.mentions) }
            let pattern = use(in: binding.pattern)
            item.names = pattern.bound
            item.use.bound.subtract(pattern.bound)
            item.isPrivate = node.modifiers.isHidden
            if let type = (binding.typeAnnotation ?? node.bindings.last?.typeAnnotation)?.type {
                let types = use(in: type)
                (item.typeNames, item.typeMayHoldAnything) = (types.mentions, types.mayHoldAnything)
            }
            return item
        }
    }

    private static func item(of declaration: DeclSyntax) -> CodeItem {
        var item = CodeItem(kind: .statement, use: use(in: declaration))
        item.isPrivate = declaration.asProtocol((any WithModifiersSyntax).self)?.modifiers.isHidden ?? false
        if let node = declaration.as(FunctionDeclSyntax.self) {
            item.kind = .function
            item.names = [bare(node.name.text)]
            let result = node.signature.returnClause.map { use(in: $0) } ?? NameUse()
            (item.typeNames, item.typeMayHoldAnything) = (result.mentions, result.mayHoldAnything)
        } else if let node = declaration.asProtocol((any NamedDeclSyntax).self), declaration.asProtocol((any DeclGroupSyntax).self) != nil {
            let isReference = declaration.is(ClassDeclSyntax.self) || declaration.is(ActorDeclSyntax.self) || declaration.is(ProtocolDeclSyntax.self)
            item.kind = .type(isReference: isReference)
            item.names = [bare(node.name.text)]
        } else if let node = declaration.as(TypeAliasDeclSyntax.self) {
            item.kind = .type(isReference: false)
            item.names = [bare(node.name.text)]
        } else if declaration.is(ExtensionDeclSyntax.self) || declaration.is(OperatorDeclSyntax.self) || declaration.is(PrecedenceGroupDeclSyntax.self) {
            item.kind = .unnamed
        } else if let node = declaration.as(MacroDeclSyntax.self) {
            item.kind = .function
            item.names = [bare(node.name.text)]
        }
        if let group = declaration.asProtocol((any DeclGroupSyntax).self) {
            let members = MemberReader(viewMode: .sourceAccurate)
            members.walk(group.memberBlock)
            (item.keepsSharedState, item.changesWhenRead) = (members.keepsSharedState, members.changesWhenRead)
        }
        if case .function = item.kind { item.use.hasClosure = InnerCode.isIn(declaration) }
        // What a declaration calls itself inside is no local name of its own.
        item.use.bound.subtract(item.names)
        return item
    }
}

extension DeclModifierListSyntax {
    fileprivate var isHidden: Bool {
        contains { ["private", "fileprivate"].contains($0.name.text) && $0.detail == nil || $0.name.text == "async" }
    }
}

/// Looks for what makes a type's instances, or the type itself, change unseen.
private final class MemberReader: SyntaxVisitor {
    var keepsSharedState = false
    var changesWhenRead = false

    override func visit(_ node: VariableDeclSyntax) -> SyntaxVisitorContinueKind {
        if node.modifiers.contains(where: { ["static", "class"].contains($0.name.text) }) {
            for binding in node.bindings where binding.accessorBlock == nil || binding.initializer != nil {
                let isFixed = node.bindingSpecifier.text == "let" && (binding.initializer.map { $0.value.isPlainLiteral } ?? false)
                if !isFixed { keepsSharedState = true }
            }
        }
        if node.modifiers.contains(where: { $0.name.text == "lazy" }) { changesWhenRead = true }
        for binding in node.bindings where binding.accessorBlock != nil { look(into: binding.accessorBlock!) }
        return .visitChildren
    }

    override func visit(_ node: SubscriptDeclSyntax) -> SyntaxVisitorContinueKind {
        if let block = node.accessorBlock { look(into: block) }
        return .visitChildren
    }

    /// Calls count as changes: what they do is not known.
    private func look(into block: AccessorBlockSyntax) {
        let reader = NameReader(viewMode: .sourceAccurate)
        reader.walk(block)
        if !reader.use.assigned.isEmpty || !reader.use.called.isEmpty { changesWhenRead = true }
    }
}

/// Looks for code inside a function that could be kept when the function has returned.
private final class InnerCode: SyntaxVisitor {
    private var depth = 0
    private var found = false

    static func isIn(_ node: some SyntaxProtocol) -> Bool {
        let search = InnerCode(viewMode: .sourceAccurate)
        search.walk(node)
        return search.found
    }

    override func visit(_ node: ClosureExprSyntax) -> SyntaxVisitorContinueKind {
        found = true
        return .skipChildren
    }
    override func visit(_ node: FunctionDeclSyntax) -> SyntaxVisitorContinueKind {
        found = found || depth > 0
        depth += 1
        return .visitChildren
    }
    override func visitPost(_ node: FunctionDeclSyntax) { depth -= 1 }
}

extension AccessorBlockSyntax {
    fileprivate var hasObservers: Bool {
        guard case .accessors(let list) = accessors else { return false }
        return list.contains { ["willSet", "didSet"].contains($0.accessorSpecifier.text) }
    }
}

/// The calls that set the random generator when a cell runs, as text.
final class SeedCalls: SyntaxVisitor {
    private var calls: [String] = []

    static func all(in file: SourceFileSyntax) -> [String] {
        let search = SeedCalls(viewMode: .sourceAccurate)
        search.walk(file)
        return search.calls
    }

    override func visit(_ node: FunctionCallExprSyntax) -> SyntaxVisitorContinueKind {
        if node.calledExpression.as(DeclReferenceExprSyntax.self)?.baseName.text == "setRandomSeed" { calls.append(compact(node)) }
        return .visitChildren
    }
    override func visit(_ node: FunctionDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
    override func visit(_ node: MemberBlockSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
}

extension ExprSyntax {
    fileprivate var outermostCall: FunctionCallExprSyntax? {
        if let attempt = `as`(TryExprSyntax.self) { return attempt.expression.outermostCall }
        if let wait = `as`(AwaitExprSyntax.self) { return wait.expression.outermostCall }
        return `as`(FunctionCallExprSyntax.self)
    }

    fileprivate var isPlainLiteral: Bool {
        `is`(IntegerLiteralExprSyntax.self) || `is`(FloatLiteralExprSyntax.self) || `is`(StringLiteralExprSyntax.self) || `is`(BooleanLiteralExprSyntax.self)
    }
}
